using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Application.Enrolment;

public static class EnrolmentErrors
{
    public static readonly Error NotAnArchive = new(
        ErrorKind.UnsupportedMedia, "not-an-archive",
        "The file is not a zip archive, or it is cut off. Send a complete .zip of pictures.");

    public static readonly Error EncryptedArchive = new(
        ErrorKind.Unprocessable, "encrypted-archive",
        "The archive is encrypted. Send it without a password.");

    public static Error TooManyEntries(int limit) => new(
        ErrorKind.TooLarge, "too-many-entries",
        $"The archive has more than {limit} entries. Send it in parts.");

    public static Error UnpackedTooLarge(string limit) => new(
        ErrorKind.TooLarge, "archive-too-large",
        $"Unpacked, the archive's files would take more than {limit}. Send it in parts.");

    public static Error JobNotFound(string id) => new(
        ErrorKind.NotFound, "job-not-found", $"There is no job with the id '{id}'.");

    public static Error JobFailed(EnrolmentJob job) => new(
        ErrorKind.Unavailable, job.FailureCode ?? "job-failed",
        $"The bulk enrolment stopped: {job.Failure} What was inserted until then stays; send the archive again to go on.")
    {
        Facts = new Dictionary<string, object> { ["jobId"] = job.Id.ToString(), ["inserted"] = job.Inserted },
    };
}
