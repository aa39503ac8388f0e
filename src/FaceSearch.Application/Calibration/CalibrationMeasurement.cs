using FaceSearch.Domain.Collections;

namespace FaceSearch.Application.Calibration;

/// <summary>The measured distances of a collection, for any number of reports.</summary>
/// <param name="Faces">All faces of the collection, which a search scans.</param>
/// <param name="MeasuredAt">When the measurement ended.</param>
internal sealed record CalibrationMeasurement(
    string Model, int Faces, int Persons, int PersonsWithSeveralFaces, DistanceCounts Same, DistanceCounts Different,
    bool IsSampled, DateTime MeasuredAt)
{
    public static CalibrationMeasurement From(string model, int faces, PairCounter pairs, DateTime measuredAt) => new(
        model, faces, pairs.Persons, pairs.PersonsWithSeveralFaces, pairs.Same, pairs.Different, pairs.IsSampled, measuredAt);

    public static CalibrationMeasurement From(CollectionCalibration row) => new(
        row.Model, row.Faces, row.Persons, row.PersonsWithSeveralFaces, DistanceCounts.FromBytes(row.Same),
        DistanceCounts.FromBytes(row.Different), row.IsSampled, row.MeasuredAt);

    public CollectionCalibration ToRow(long collectionId) => new()
    {
        CollectionId = collectionId,
        Model = Model,
        Faces = Faces,
        Persons = Persons,
        PersonsWithSeveralFaces = PersonsWithSeveralFaces,
        IsSampled = IsSampled,
        Same = Same.ToBytes(),
        Different = Different.ToBytes(),
        MeasuredAt = MeasuredAt,
    };
}
