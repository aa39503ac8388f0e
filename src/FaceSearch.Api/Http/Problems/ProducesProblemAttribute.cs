namespace FaceSearch.Api.Http.Problems;

/// <summary>
/// What the operation refuses beside what follows from its route, its body and its policies: codes of
/// <see cref="ProblemCatalogue"/>, which names their statuses.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ProducesProblemAttribute : Attribute
{
    public ProducesProblemAttribute(params string[] codes) => Codes = codes;

    public ProducesProblemAttribute(params int[] statuses) => Statuses = statuses;

    public IReadOnlyList<string> Codes { get; } = [];

    public IReadOnlyList<int> Statuses { get; } = [];
}
