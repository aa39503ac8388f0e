using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Calibration;

/// <summary>Measures the distances between a collection's faces. One per scope; not thread-safe.</summary>
public sealed class CalibrationMeasurer(
    IFaceSearchDbContext db, IFaceEncoders encoders, IFaceDistances distances, TimeProvider time)
{
    private const int PersonsAtOnce = 500;

    private const int FacesAtOnce = 500;

    /// <summary>
    /// Reads the faces person by person and measures them in parts of some tens of milliseconds. Each part waits for a
    /// free core, so searches run in between.
    /// </summary>
    /// <param name="onPart">Called after each part with the number of faces read so far.</param>
    /// <returns>The row to store; it is not stored yet.</returns>
    public async Task<CollectionCalibration> MeasureAsync(
        long collectionId, string model, Func<int, Task> onPart, CancellationToken ct)
    {
        var counter = new PairCounter(distances);
        var faces = await db.Faces.CountAsync(face => face.CollectionId == collectionId, ct);
        var persons = await db.Persons.Where(person => person.CollectionId == collectionId)
            .OrderBy(person => person.Id).Select(person => person.Id).ToListAsync(ct);
        foreach (var chunk in persons.Chunk(PersonsAtOnce))
            await AddAsync(counter, chunk, model, onPart, ct);

        while (await encoders.RunAsync(() => counter.FinishPart(ct), ct))
            await onPart((int)counter.Faces);

        var now = time.GetUtcNow().UtcDateTime;
        return CalibrationMeasurement.From(model, faces, counter, now).ToRow(collectionId);
    }

    private async Task AddAsync(PairCounter counter, long[] personIds, string model, Func<int, Task> onPart, CancellationToken ct)
    {
        var faces = db.Faces.AsNoTracking()
            .Where(face => face.PersonId != null && personIds.Contains(face.PersonId.Value))
            .SelectMany(
                face => face.Embeddings.Where(of => of.Model == model),
                (face, of) => new { PersonId = face.PersonId!.Value, face.Id, of.Embedding })
            .OrderBy(row => row.PersonId).ThenBy(row => row.Id);
        var part = new List<(long PersonId, Embedding Embedding)>();
        await foreach (var face in faces.AsAsyncEnumerable().WithCancellation(ct))
        {
            // The index skips other lengths too.
            if (face.Embedding.IsStandard)
                part.Add((face.PersonId, face.Embedding));
            if (part.Count == FacesAtOnce)
                await AddAsync(counter, part, onPart, ct);
        }

        await AddAsync(counter, part, onPart, ct);
    }

    private async Task AddAsync(
        PairCounter counter, List<(long PersonId, Embedding Embedding)> part, Func<int, Task> onPart, CancellationToken ct)
    {
        var added = await encoders.RunAsync(
            () =>
            {
                foreach (var (personId, embedding) in part)
                {
                    ct.ThrowIfCancellationRequested();
                    counter.Add(personId, embedding);
                }

                return counter.Faces;
            },
            ct);
        part.Clear();
        await onPart((int)added);
    }
}
