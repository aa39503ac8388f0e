namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>A face near a probe; nearer comes first, equal distances by face id.</summary>
internal readonly record struct Candidate(double SquaredDistance, long FaceId) : IComparable<Candidate>
{
    public int CompareTo(Candidate other)
    {
        var byDistance = SquaredDistance.CompareTo(other.SquaredDistance);
        return byDistance != 0 ? byDistance : FaceId.CompareTo(other.FaceId);
    }
}
