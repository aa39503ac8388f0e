namespace FaceSearch.Api.Http.Problems;

/// <summary>
/// The operation's problems in addition to those that its route, body and policies imply. The codes and their statuses
/// are in <see cref="ProblemCatalogue"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ProducesProblemAttribute : Attribute
{
    public ProducesProblemAttribute(params string[] codes) => Codes = codes;

    public ProducesProblemAttribute(params int[] statuses) => Statuses = statuses;

    public IReadOnlyList<string> Codes { get; } = [];

    public IReadOnlyList<int> Statuses { get; } = [];
}
