using FaceSearch.Application.Enrolment;

namespace FaceSearch.Application.Transfer;

/// <summary>
/// Pictures and their faces. The faces keep the order of the export, because new ids rank equal distances.
/// </summary>
internal sealed record ImportBatch(IReadOnlyList<ImageRow> Images, IReadOnlyList<FaceRow> Faces)
{
    /// <summary>Without the first pictures and their faces; empty when there are not more.</summary>
    public ImportBatch Skip(int pictures)
    {
        if (pictures <= 0)
            return this;

        ImageRow[] images = [.. Images.Skip(pictures)];
        var ids = images.Select(image => image.Id).ToHashSet();
        return new ImportBatch(images, [.. Faces.Where(face => ids.Contains(face.ImageId))]);
    }
}

/// <summary>
/// Merges the rows of pictures and of faces and splits them into batches. A batch has all faces of its pictures, so a
/// picture that an interrupted import has stored has all its faces.
/// </summary>
internal sealed class ImportBatches(ExportFile file, ManifestRow manifest, EnrolmentOptions limits)
{
    private const long MaxPictureBytes = 8_000_000;
    private const int MaxOpenFaces = 50_000;

    /// <summary>The ids of the export's persons; read first.</summary>
    public HashSet<long> Persons { get; } = [];

    /// <exception cref="DamagedExportException">A row is invalid, or inconsistent with other rows.</exception>
    public IEnumerable<PersonRow> ReadPersons()
    {
        Persons.Clear();
        foreach (var person in file.Rows<PersonRow>(TransferFormat.Persons))
        {
            Require(ExportRules.IsSound(person) && Persons.Add(person.Id), TransferFormat.Persons);
            yield return person;
        }

        Require(Persons.Count == manifest.Persons, TransferFormat.Persons);
    }

    /// <exception cref="DamagedExportException">A row is invalid, or inconsistent with other rows.</exception>
    public IEnumerable<ImportBatch> Read()
    {
        using var images = file.Rows<ImageRow>(TransferFormat.Images).GetEnumerator();
        var (open, seen) = (new Dictionary<long, int>(), new HashSet<long>());
        var (batch, faces, bytes, count, last) = (new List<ImageRow>(), new List<FaceRow>(), 0L, 0L, 0L);
        foreach (var face in file.Rows<FaceRow>(TransferFormat.Faces))
        {
            Require(ExportRules.IsSound(face) && face.Id > last && KnowsPersonsOf(face), TransferFormat.Faces);
            if (ExportRules.FindEmbeddingFault(face) is { } fault)
                throw new DamagedExportException(TransferFormat.Faces, fault);

            if (!open.ContainsKey(face.ImageId))
            {
                var image = images.MoveNext() ? images.Current : throw Unfit(TransferFormat.Images);
                Require(ExportRules.IsSound(image) && seen.Add(image.Id) && IsThere(image), TransferFormat.Images);
                Require(image.Id == face.ImageId, TransferFormat.Faces);
                open.Add(image.Id, image.Faces);
                batch.Add(image);
                bytes += image.HasPicture ? image.Bytes : 0;
            }

            faces.Add(ImportRules.Normalize(face));
            (last, count) = (face.Id, count + 1);
            if (--open[face.ImageId] == 0)
                open.Remove(face.ImageId);

            Require(faces.Count <= MaxOpenFaces, TransferFormat.Faces);
            if (open.Count == 0 && (batch.Count >= limits.BatchSize || bytes >= MaxPictureBytes))
            {
                yield return new ImportBatch(batch, faces);
                (batch, faces, bytes) = ([], [], 0);
            }
        }

        Require(open.Count == 0 && count == manifest.Faces, TransferFormat.Faces);
        Require(!images.MoveNext() && seen.Count == manifest.Images, TransferFormat.Images);
        if (faces.Count > 0)
            yield return new ImportBatch(batch, faces);
    }

    public byte[]? ReadPicture(ImageRow image) => image.HasPicture
        ? file.Read(TransferFormat.PictureEntry(image.Sha256, image.Format), limits.MaxPictureBytes)
        : null;

    private bool KnowsPersonsOf(FaceRow face) =>
        (face.PersonId is not { } person || Persons.Contains(person))
        && face.Exclusions.All(exclusion => Persons.Contains(exclusion.PersonId));

    private bool IsThere(ImageRow image)
    {
        if (!image.HasPicture)
            return true;

        var entry = TransferFormat.PictureEntry(image.Sha256, image.Format);
        return file.Has(entry) && file.LengthOf(entry) == image.Bytes && image.Bytes <= limits.MaxPictureBytes;
    }

    private static void Require(bool isFit, string entry)
    {
        if (!isFit)
            throw Unfit(entry);
    }

    private static DamagedExportException Unfit(string entry) => new(entry, "has a line that is inconsistent with the rest");
}
