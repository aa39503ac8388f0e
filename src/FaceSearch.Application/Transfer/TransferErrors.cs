using FaceSearch.Application.Results;

namespace FaceSearch.Application.Transfer;

public static class TransferErrors
{
    public static Error Damaged(string entry, string why) => new(
        ErrorKind.Unprocessable, "damaged-export",
        $"The export is damaged: '{entry}' {why}. Nothing was imported; export the collection again.")
    {
        Facts = new Dictionary<string, object> { ["entry"] = entry },
    };

    public static Error ModelMismatch(string collection, string its, string exported) => new(
        ErrorKind.Conflict, "model-mismatch",
        $"The collection '{collection}' has embeddings of model '{its}', the export of model '{exported}': they can't be "
        + "compared. Import into another collection, or re-embed this one first.");
}

/// <summary>Found while reading an export; becomes <see cref="TransferErrors.Damaged"/>.</summary>
internal sealed class DamagedExportException(string entry, string why) : Exception($"{entry} {why}")
{
    public Error ToError() => TransferErrors.Damaged(entry, why);
}
