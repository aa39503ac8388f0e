using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

/// <summary>A face's stored picture.</summary>
internal sealed record KeptPicture(byte[] Bytes, ImageFormat Format, string Sha256, BoundingBox Box);

internal static class FacePictures
{
    /// <returns>Errors: those of resolving the collection, <c>face-not-found</c>, <c>picture-not-kept</c>.</returns>
    public static async Task<Result<KeptPicture>> FindPictureAsync(
        this CollectionResolver collections, IFaceSearchDbContext db, string collection, string faceId, CancellationToken ct)
    {
        var found = await collections.FindIdAsync(collection, ct);
        if (found.Error is { } noCollection)
            return noCollection;
        if (EntityId.Parse(faceId) is not { } id)
            return FaceErrors.NotFound(faceId);

        var row = await db.Faces.AsNoTracking()
            .Where(face => face.CollectionId == found.Value && face.Id == id)
            .Select(face => new { face.Box, face.Image.Format, face.Image.Sha256, Bytes = face.Image.Content!.Data })
            .FirstOrDefaultAsync(ct);
        if (row is null)
            return FaceErrors.NotFound(faceId);

        return row.Bytes is null
            ? FaceErrors.PictureNotKept
            : new KeptPicture(row.Bytes, row.Format, row.Sha256, row.Box);
    }
}
