using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Application.Jobs;

public static class JobErrors
{
    public static readonly Error NotAnArchive = new(
        ErrorKind.UnsupportedMedia, "not-an-archive",
        "The file is not a zip archive, or it is cut off. Send a complete .zip of pictures.");

    public static readonly Error EncryptedArchive = new(
        ErrorKind.Unprocessable, "encrypted-archive",
        "The archive is encrypted. Send it without a password.");

    public static readonly Error NothingToRetry = new(
        ErrorKind.Conflict, "nothing-to-retry", "The job is complete: no picture failed.");

    public static readonly Error ArchiveGone = new(
        ErrorKind.Conflict, "archive-gone",
        "The job's archive is not kept any more. Send it again: enrolled pictures count as duplicates.");

    public static readonly Error ReembeddingRunning = new(
        ErrorKind.Conflict, "jobs-running",
        "The collection is being re-embedded already. Wait for that job, or cancel it first.");

    public static readonly Error CalibrationRunning = new(
        ErrorKind.Conflict, "jobs-running",
        "Another calibration of the collection is queued or running. Wait for that job.");

    public static readonly Error PicturesNotKept = new(
        ErrorKind.Conflict, "pictures-not-kept",
        "None of the collection's pictures is kept, so its faces can't be embedded again. "
        + "Enrol them again into a collection of the wanted model.");

    public static readonly Error CollectionGone = new(
        ErrorKind.NotFound, "collection-not-found", "The collection has been removed meanwhile.");

    public static Error SameModel(string model) => new(
        ErrorKind.Conflict, "same-model", $"The collection's embeddings are of model '{model}' already.");

    public static Error TooManyEntries(long limit) => new(
        ErrorKind.TooLarge, "too-many-entries",
        $"The archive has more than {limit} entries. Send it in parts, or raise Enrolment:MaxArchiveEntries.");

    public static Error DirectoryTooLarge(long limit) => new(
        ErrorKind.TooLarge, "too-many-entries",
        $"The names of the archive's entries take more than {limit} bytes. Shorten them, send it in parts, "
        + "or raise Enrolment:MaxArchiveEntries.");

    public static Error UnpackedTooLarge(string limit) => new(
        ErrorKind.TooLarge, "archive-too-large",
        $"Unpacked, the archive's files would take more than {limit}. Send it in parts.");

    public static Error JobNotFound(string id) => new(
        ErrorKind.NotFound, "job-not-found", $"There is no job with the id '{id}'.");

    public static readonly Error NotCancellable = new(
        ErrorKind.Conflict, "job-not-cancellable",
        "The job finishes an erasure, whose data is deleted already. It can't be cancelled.");

    public static readonly Error ModelChanged = new(
        ErrorKind.Conflict, "job-not-cancellable",
        "The collection has got the new model already, and the job deletes the old embeddings. It can't be cancelled.");

    public static readonly Error NotRemovable = new(
        ErrorKind.Conflict, "job-not-removable",
        "The job is of an erasure. It stays, as it says what was deleted.");

    public static Error JobEnded(EnrolmentJob job) => new(
        ErrorKind.Conflict, "job-ended", $"The job has ended already ({job.State}).");

    public static Error JobNotEnded(EnrolmentJob job) => new(
        ErrorKind.Conflict, "job-not-ended",
        $"The job is still {job.State}. Wait until it has ended, or cancel it first.");

    /// <summary>For callers that waited for a job that was cancelled or failed.</summary>
    public static Error JobStopped(EnrolmentJob job)
    {
        var isCancelled = job.State == EnrolmentJobState.Cancelled;
        return new Error(
            isCancelled ? ErrorKind.Conflict : ErrorKind.Unavailable,
            isCancelled ? "job-cancelled" : job.FailureCode ?? "job-failed",
            job.Kind == EnrolmentJobKind.Calibration
                ? (isCancelled ? "The calibration was cancelled." : $"The calibration stopped: {job.Failure}")
                    + " The last result stays. Send the request again to start another job."
                : (isCancelled ? "The bulk enrolment was cancelled." : $"The bulk enrolment stopped: {job.Failure}")
                    + " Inserted faces stay; retry the job to continue.")
        {
            Facts = FactsOf(job),
        };
    }

    private static Dictionary<string, object> FactsOf(EnrolmentJob job) => job.Kind == EnrolmentJobKind.Calibration
        ? new() { ["jobId"] = job.Id.ToString() }
        : new() { ["jobId"] = job.Id.ToString(), ["inserted"] = job.Inserted };
}
