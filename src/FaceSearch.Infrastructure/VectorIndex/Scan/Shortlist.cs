using FaceSearch.Infrastructure.VectorIndex.Codes;

namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>A row that its code did not rule out.</summary>
/// <param name="LeastSquaredDistance">Known from the code.</param>
/// <param name="Segment">The segment's place in the search.</param>
internal readonly record struct ShortlistedRow(double LeastSquaredDistance, int Segment, int Row);

/// <summary>
/// Rows to be measured. The rows with the lowest bounds are measured first, as they lower the limit, and most others
/// are then excluded without reading their floats. Reusable, not thread-safe.
/// </summary>
internal sealed class Shortlist
{
    private const int Capacity = 64;

    private readonly ShortlistedRow[] rows = new ShortlistedRow[Capacity + CodeBlock.Rows];
    private int count;

    public bool IsFull => count >= Capacity;

    public bool IsEmpty => count == 0;

    public bool IsHalfEmpty => count <= Capacity / 2;

    public void Clear() => count = 0;

    /// <param name="row">No more than a block's rows after <see cref="IsFull"/>.</param>
    public void Add(ShortlistedRow row) => rows[count++] = row;

    /// <summary>
    /// Drops what lies beyond the limit and takes out the nearer part of the rest: at least one row if any is left.
    /// </summary>
    /// <param name="promising">Receives the rows; as long as all that may wait, see <see cref="CreateBuffer"/>.</param>
    /// <returns>How many rows were taken out.</returns>
    public int TakeNearest(double squaredLimit, ShortlistedRow[] promising)
    {
        var pivot = Pivot(squaredLimit);
        var (left, taken) = (0, 0);
        foreach (var row in rows.AsSpan(0, count))
        {
            if (row.LeastSquaredDistance <= pivot)
                promising[taken++] = row;
            else if (row.LeastSquaredDistance <= squaredLimit)
                rows[left++] = row;
        }

        count = left;
        return taken;
    }

    public static ShortlistedRow[] CreateBuffer() => new ShortlistedRow[Capacity + CodeBlock.Rows];

    /// <summary>The middle between the nearest row and the limit.</summary>
    private double Pivot(double squaredLimit)
    {
        var nearest = squaredLimit;
        foreach (var row in rows.AsSpan(0, count))
            nearest = Math.Min(nearest, row.LeastSquaredDistance);

        var pivot = nearest + (squaredLimit - nearest) / 2;
        return double.IsFinite(pivot) ? pivot : squaredLimit;
    }
}
