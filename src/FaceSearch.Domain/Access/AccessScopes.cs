namespace FaceSearch.Domain.Access;

/// <summary>The scopes of a key.</summary>
[Flags]
public enum AccessScopes
{
    None = 0,
    Search = 1,
    Read = 2,
    Write = 4,
    Admin = 8,
    All = Search | Read | Write | Admin,
}
