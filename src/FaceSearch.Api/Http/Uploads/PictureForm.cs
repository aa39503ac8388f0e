using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Results;
using Microsoft.Extensions.Primitives;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>A form's pictures and text fields while they are read.</summary>
internal sealed class PictureForm
{
    private readonly Dictionary<string, (ReadOnlyMemory<byte> Bytes, string FileName)> files = [];
    private readonly Dictionary<string, StringValues> fields = new(StringComparer.OrdinalIgnoreCase);
    private Error? refusal;

    public bool Has(string file) => files.ContainsKey(file);

    public void Add(string file, ReadOnlyMemory<byte> bytes, string fileName) => files.Add(file, (bytes, fileName));

    /// <returns>All texts of the field so far.</returns>
    public StringValues Add(string field, string text) =>
        fields[field] = StringValues.Concat(fields.GetValueOrDefault(field), text);

    public PictureForm Refuse(Error error)
    {
        refusal = error;
        return this;
    }

    /// <summary>Errors: why the form was refused, <c>missing-file</c>.</summary>
    public Result<UploadedPicture> Take(string file)
    {
        if (refusal is not null)
            return refusal;

        return files.TryGetValue(file, out var found)
            ? new UploadedPicture(found.Bytes, found.FileName, fields)
            : ApiErrors.MissingFile(file, "image/*");
    }
}
