namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>
/// Decides inside the scan whether a face may match. Called only for faces within the limit, possibly on several threads
/// at once.
/// </summary>
/// <param name="probe">The probe's place in the list of probes.</param>
internal delegate bool FacePredicate(int probe, long faceId);
