using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;

namespace FaceSearch.Application.Transfer;

/// <summary>A received export that is to be imported. Not thread-safe.</summary>
public sealed class ImportSource : IDisposable
{
    private readonly ExportFile file;
    private readonly ManifestRow manifest;

    private ImportSource(ExportFile file, ManifestRow manifest, EnrolmentOptions limits)
    {
        (this.file, this.manifest) = (file, manifest);
        Batches = new ImportBatches(file, manifest, limits);
    }

    /// <summary>The model of the export's embeddings.</summary>
    public string Model => manifest.Model;

    /// <summary>The number of pictures by the manifest; right when <see cref="FindDamage"/> has found none.</summary>
    public int Pictures => (int)Math.Clamp(manifest.Images, 0, int.MaxValue);

    internal ImportBatches Batches { get; }

    /// <summary>Reads the zip's directory and the manifest only.</summary>
    /// <returns>
    /// Errors: <c>not-an-archive</c>, <c>too-many-entries</c>, <c>archive-too-large</c>, <c>damaged-export</c>.
    /// </returns>
    public static Result<ImportSource> Open(string path, EnrolmentOptions limits)
    {
        var opened = ExportFile.Open(path, limits);
        if (opened.Error is { } unreadable)
            return unreadable;

        try
        {
            return new ImportSource(opened.Value, opened.Value.ReadManifest(), limits);
        }
        catch (DamagedExportException damaged)
        {
            opened.Value.Dispose();
            return damaged.ToError();
        }
    }

    /// <summary>Reads everything: every checksum, row and reference.</summary>
    /// <param name="traits">Of the export's model.</param>
    /// <param name="onPart">Called for each part that was read.</param>
    /// <returns>The error <c>damaged-export</c>; null when the export is sound.</returns>
    public Error? FindDamage(FaceModelTraits traits, Action onPart, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(onPart);
        try
        {
            file.Verify(onPart, ct);
            _ = Batches.ReadPersons().Count();
            foreach (var batch in Batches.Read())
            {
                ct.ThrowIfCancellationRequested();
                if (batch.Faces.Select(face => ExportRules.FindNormFault(face, traits)).FirstOrDefault(fault => fault is not null) is { } fault)
                    throw new DamagedExportException(TransferFormat.Faces, fault);
                onPart();
            }

            return null;
        }
        catch (DamagedExportException damaged)
        {
            return damaged.ToError();
        }
    }

    public void Dispose() => file.Dispose();
}
