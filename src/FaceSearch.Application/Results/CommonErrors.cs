namespace FaceSearch.Application.Results;

public static class CommonErrors
{
    public static Error InvalidFields(IReadOnlyDictionary<string, string[]> fields) =>
        new(ErrorKind.Invalid, "invalid-request", "The request has invalid values; see 'errors' for each field.")
        {
            Fields = fields,
        };

    public static Error InvalidField(string field, string message) =>
        InvalidFields(new Dictionary<string, string[]> { [field] = [message] });
}
