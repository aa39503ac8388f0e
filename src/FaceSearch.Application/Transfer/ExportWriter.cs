using System.IO.Compression;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Transfer;

/// <summary>Reads a collection page by page, in ascending order of ids, and writes it entry by entry.</summary>
internal sealed class ExportWriter(IFaceSearchDbContext db, ExportZip zip, long collectionId, bool withPictures)
{
    private const int PageSize = 500;
    private const int PicturesAtOnce = 4;

    /// <summary>A re-embedding removes the faces that its model could not embed. They are not exported.</summary>
    private static readonly Expression<Func<Face, bool>> IsEmbedded =
        face => face.Embeddings.Any(of => of.Model == face.Collection.Model);

    /// <summary>Pictures whose stored bytes do not match their hash; their faces are exported without them.</summary>
    private readonly HashSet<long> damaged = [];

    private IQueryable<Face> Faces =>
        db.Faces.AsNoTracking().Where(face => face.CollectionId == collectionId).Where(IsEmbedded);

    public async Task WriteAsync(DateTime now, CancellationToken ct)
    {
        var collection = await db.Collections.AsNoTracking().SingleAsync(c => c.Id == collectionId, ct);
        var manifest = new ManifestRow(
            TransferFormat.Name, TransferFormat.Version, collection.Name, collection.Model, now,
            await db.Persons.LongCountAsync(person => person.CollectionId == collectionId, ct),
            await db.Images.LongCountAsync(
                image => image.CollectionId == collectionId && image.Faces.AsQueryable().Any(IsEmbedded), ct),
            await Faces.LongCountAsync(ct));
        await zip.AddAsync(
            TransferFormat.Manifest, JsonSerializer.SerializeToUtf8Bytes(manifest, TransferFormat.Json),
            CompressionLevel.Fastest, ct);
        await zip.AddRowsAsync(TransferFormat.Persons, PersonsAsync(ct), ct);
        if (withPictures)
            await WritePicturesAsync(ct);

        await zip.AddRowsAsync(TransferFormat.Images, ImagesAsync(ct), ct);
        await zip.AddRowsAsync(TransferFormat.Faces, FacesAsync(collection.Model, ct), ct);
    }

    private async IAsyncEnumerable<PersonRow> PersonsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var last = 0L;
        while (await db.Persons.AsNoTracking()
            .Where(person => person.CollectionId == collectionId && person.Id > last)
            .OrderBy(person => person.Id).Take(PageSize)
            .Select(person => new PersonRow(person.Id, person.Name)).ToListAsync(ct) is [_, ..] page)
        {
            foreach (var person in page)
                yield return person;

            last = page[^1].Id;
        }
    }

    private async Task WritePicturesAsync(CancellationToken ct)
    {
        await foreach (var page in ImagePagesAsync(ct))
        {
            foreach (var images in page.Where(image => image.IsKept).Chunk(PicturesAtOnce))
            {
                var ids = images.Select(image => image.Row.Id).ToArray();
                var contents = await db.Images.AsNoTracking().Where(image => ids.Contains(image.Id))
                    .Select(image => new { image.Id, image.Sha256, image.Format, image.Content!.Data })
                    .OrderBy(image => image.Id).ToListAsync(ct);
                foreach (var image in contents)
                    await WritePictureAsync(image.Id, image.Sha256, image.Format, image.Data, ct);
            }
        }
    }

    private async Task WritePictureAsync(long id, string sha256, ImageFormat format, byte[] data, CancellationToken ct)
    {
        if (NewImage.HashOf(data) == sha256)
            await zip.AddAsync(TransferFormat.PictureEntry(sha256, format), data, CompressionLevel.NoCompression, ct);
        else
            damaged.Add(id);
    }

    private async IAsyncEnumerable<ImageRow> ImagesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in ImagePagesAsync(ct))
        {
            foreach (var (row, isKept) in page)
                yield return row with { HasPicture = withPictures && isKept && !damaged.Contains(row.Id) };
        }
    }

    /// <summary>In the order of their first faces, so that an import can read faces and pictures in parallel.</summary>
    private async IAsyncEnumerable<IReadOnlyList<(ImageRow Row, bool IsKept)>> ImagePagesAsync(
        [EnumeratorCancellation] CancellationToken ct)
    {
        var last = 0L;
        while (await Faces.Where(face => face.Id > last)
            .Where(face => !Faces.Any(other => other.ImageId == face.ImageId && other.Id < face.Id))
            .OrderBy(face => face.Id).Take(PageSize)
            .Select(face => new
            {
                face.Id,
                face.Image,
                Faces = face.Image.Faces.AsQueryable().Count(IsEmbedded),
                IsKept = face.Image.Content != null,
            })
            .ToListAsync(ct) is [_, ..] page)
        {
            yield return page.ConvertAll(face => (ToRow(face.Image, face.Faces), face.IsKept));
            last = page[^1].Id;
        }
    }

    private async IAsyncEnumerable<FaceRow> FacesAsync(string model, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = 0L;
        while (await Faces.Include(face => face.Tags).Include(face => face.Image)
            .Where(face => face.Id > last)
            .OrderBy(face => face.Id).Take(PageSize).ToListAsync(ct) is [_, ..] page)
        {
            var ids = page.Select(face => face.Id).ToArray();
            var embeddings = await db.FaceEmbeddings.AsNoTracking()
                .Where(of => ids.Contains(of.FaceId) && of.Model == model)
                .ToDictionaryAsync(of => of.FaceId, of => of.Embedding, ct);
            var exclusions = (await db.PersonExclusions.AsNoTracking()
                .Where(exclusion => ids.Contains(exclusion.FaceId)).ToListAsync(ct)).ToLookup(e => e.FaceId);
            foreach (var face in page)
            {
                yield return ToRow(face, embeddings[face.Id], [.. exclusions[face.Id].OrderBy(e => e.PersonId)
                    .Select(e => new ExclusionRow(e.PersonId, e.CreatedAt))]);
            }

            last = page[^1].Id;
        }
    }

    private static ImageRow ToRow(Image image, int faces) => new(
        image.Id, image.FileName, image.Version, image.Sha256, image.Bytes, image.Format, image.Width, image.Height,
        image.Metadata.CapturedAt, image.Metadata.Camera, image.Metadata.Latitude, image.Metadata.Longitude,
        image.AddedAt, faces, HasPicture: false);

    private static FaceRow ToRow(Face face, Embedding embedding, IReadOnlyList<ExclusionRow> exclusions) => new(
        face.Id, face.ImageId, face.PersonId, face.ExternalId,
        [.. face.Tags.Select(tag => tag.Tag).Order(StringComparer.Ordinal)],
        ToRow(face.Box.ClipTo(face.Image.Width, face.Image.Height)), face.Score, face.Quality,
        TransferFormat.ToBytes(embedding), face.AddedAt, exclusions);

    private static BoxRow ToRow(BoundingBox box) => new(box.X, box.Y, box.Width, box.Height);
}
