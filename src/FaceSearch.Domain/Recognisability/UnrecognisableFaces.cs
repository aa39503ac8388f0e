using FaceSearch.Domain.Faces;

namespace FaceSearch.Domain.Recognisability;

/// <summary>
/// Where a model's embeddings of unrecognisable faces lie. Blurred, moved and tiny faces of different persons gather around few
/// points, and the distance from the nearest one measures how recognisable a face is (Deng et al., "Harnessing
/// Unrecognizable Faces for Improving Face Recognition", arXiv 2106.04112, 2021, with one point). Immutable and
/// thread-safe.
/// </summary>
public sealed class UnrecognisableFaces
{
    private readonly Embedding[] centres;

    /// <param name="centres">Means of embeddings of degraded faces, brought to the model's norm; at least one, of one length.</param>
    /// <param name="bound">Euclidean distance from the nearest centre, above 0; nearer faces are unrecognisable.</param>
    /// <exception cref="ArgumentException">There is no centre, or their lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not a positive, finite number.</exception>
    public UnrecognisableFaces(IReadOnlyList<Embedding> centres, float bound)
    {
        ArgumentNullException.ThrowIfNull(centres);
        if (centres.Count == 0 || centres.Any(centre => centre.Length != centres[0].Length))
            throw new ArgumentException("At least one centre is needed, and all of one length.", nameof(centres));
        if (!float.IsFinite(bound) || bound <= 0)
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "The bound is a positive, finite number.");

        this.centres = [.. centres];
        Bound = bound;
    }

    /// <summary>The least recognisability of a recognisable face.</summary>
    public float Bound { get; }

    public IReadOnlyList<Embedding> Centres => centres;

    /// <summary>
    /// Euclidean distance from the nearest centre, 0 or above, in the units of the model's distances; larger is more
    /// recognisable.
    /// </summary>
    /// <exception cref="ArgumentException">The embedding has another length: it is of another model.</exception>
    public float RecognisabilityOf(Embedding face)
    {
        var least = double.PositiveInfinity;
        foreach (var centre in centres)
            least = Math.Min(least, centre.DistanceTo(face));

        return (float)least;
    }

    /// <summary>Whether the face's recognisability is below the bound: it resembles bad pictures of other persons.</summary>
    /// <exception cref="ArgumentException">The embedding has another length: it is of another model.</exception>
    public bool Contains(Embedding face) => RecognisabilityOf(face) < Bound;
}
