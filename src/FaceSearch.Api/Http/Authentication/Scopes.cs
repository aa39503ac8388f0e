using System.Security.Claims;
using FaceSearch.Domain.Access;
using Microsoft.AspNetCore.Authorization;

namespace FaceSearch.Api.Http.Authentication;

/// <summary>
/// The authorization policies. There is one per scope. Adding, and following and cancelling a job by its id, have policies
/// of their own, as callers without a key may do these in Development. The two policies for the whole server refuse keys that are
/// bound to collections.
/// </summary>
internal static class Scopes
{
    public const string Search = "search";
    public const string Read = "read";
    public const string Write = "write";
    public const string Admin = "admin";
    public const string Add = "add";
    public const string ReadOrWrite = "read or write";
    public const string FollowJob = "follow a job";
    public const string CancelJob = "cancel a job";
    public const string AnyKey = "any key";
    public const string ServerAdmin = "admin of the server";
    public const string ServerRead = "read of the server";

    private const string ClaimType = "scope";

    /// <summary>
    /// What a caller without a key may do in Development. It reads, changes and removes nothing that others have stored.
    /// </summary>
    public static IReadOnlyList<Claim> OfAnonymous { get; } = [new(ClaimType, Search), new(ClaimType, Add)];

    /// <summary>The scopes of which a key needs one to pass a policy.</summary>
    public static IReadOnlyList<string> KeyScopesOf(string policy) => policy switch
    {
        Add or CancelJob => [Write],
        ReadOrWrite or FollowJob => [Read, Write],
        AnyKey => [Search, Read, Write, Admin],
        ServerAdmin => [Admin],
        ServerRead => [Read],
        _ => [policy],
    };

    public static bool NeedsUnboundKey(string policy) => policy is ServerAdmin or ServerRead;

    /// <summary>In Development, unless it is turned off by <see cref="AccessOptions"/>.</summary>
    public static bool IsOpenInDevelopment(string policy) => policy is Search or Add or FollowJob or CancelJob;

    /// <summary>For answers that show more to callers who may read stored data.</summary>
    public static bool MayRead(ClaimsPrincipal user) => user.HasClaim(ClaimType, Read);

    public static IEnumerable<Claim> ClaimsOf(AccessScopes scopes) =>
        Enum.GetValues<AccessScopes>()
            .Where(scope => int.PopCount((int)scope) == 1 && scopes.HasFlag(scope))
            .Select(scope => new Claim(ClaimType, NameOf(scope)));

    public static void AddPolicies(AuthorizationBuilder builder) => builder
        .AddPolicy(Search, policy => policy.RequireClaim(ClaimType, Search))
        .AddPolicy(Read, policy => policy.RequireClaim(ClaimType, Read))
        .AddPolicy(Write, policy => policy.RequireClaim(ClaimType, Write))
        .AddPolicy(Admin, policy => policy.RequireClaim(ClaimType, Admin))
        .AddPolicy(Add, policy => policy.RequireClaim(ClaimType, Add, Write))
        .AddPolicy(ReadOrWrite, policy => policy.RequireClaim(ClaimType, Read, Write))
        .AddPolicy(FollowJob, policy => policy.RequireClaim(ClaimType, Read, Write, Add))
        .AddPolicy(CancelJob, policy => policy.RequireClaim(ClaimType, Write, Add))
        .AddPolicy(AnyKey, policy => policy.RequireClaim(ClaimTypes.NameIdentifier))
        .AddPolicy(ServerAdmin, policy => policy.RequireClaim(ClaimType, Admin).RequireAssertion(IsUnbound))
        .AddPolicy(ServerRead, policy => policy.RequireClaim(ClaimType, Read).RequireAssertion(IsUnbound));

    private static bool IsUnbound(AuthorizationHandlerContext context) =>
        !context.User.HasClaim(claim => claim.Type == HttpCaller.CollectionClaim);

    private static string NameOf(AccessScopes scope) => scope switch
    {
        AccessScopes.Search => Search,
        AccessScopes.Read => Read,
        AccessScopes.Write => Write,
        AccessScopes.Admin => Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
    };
}
