namespace FaceSearch.Api.Http.Problems.Table;

/// <summary>The problems of bulk enrolments and other jobs.</summary>
internal static class JobProblems
{
    public static readonly ProblemTopic Topic = new("Bulk enrolment",
        Note: "`job` is not a status: the code is the `failureCode` of a job that has failed, or a 503 to callers that waited for it.",
    [
        new("not-an-archive", 415, "The file is not a complete zip", "Send a complete zip."),
        new("encrypted-archive", 422, "The archive needs a password", "Send it without a password."),
        new("too-many-entries", 413, "The archive has too many files, or too long names",
            "Send it in parts, or raise `Enrolment:MaxArchiveEntries`; it holds for imports too."),
        new("archive-too-large", 413, "The unpacked archive is too large",
            "Send it in parts; a zip bomb is refused too."),
        new("job-not-found", 404, "There is no such job", "Use an id that a bulk enrolment has answered."),
        new("job-ended", 409, "The job has ended already", "There is nothing to cancel."),
        new("job-not-cancellable", 409, "The job can't be cancelled any more", "Wait until the job has ended."),
        new("job-not-removable", 409, "The job of an erasure can't be removed", "Leave it: it says what was deleted."),
        new("job-not-ended", 409, "The job has not ended",
            "Wait until the job has ended, or cancel it, before a retry or the removal of the job."),
        new("job-cancelled", 409, "A client cancelled the job",
            "Retry it to continue; inserted faces stay.", ProblemFacts.JobId, ProblemFacts.Inserted),
        new("nothing-to-retry", 409, "No picture of the job failed", "There is nothing to retry."),
        new("archive-gone", 409, "The server has deleted the archive",
            "Send it again; `Enrolment:KeepArchivesHours` says how long archives are kept."),
        new("same-model", 409, "The collection's embeddings are of the wanted model already",
            "There is nothing to do."),
        new("pictures-not-kept", 409, "The collection's pictures are not kept",
            "Enrol them into a collection of the wanted model."),
        new("reembedding-incomplete", null, "Some pictures could not be embedded again",
            "The job's items tell which pictures failed; remove their faces, or ask with `dropFailed=true`.")
        {
            FailsJobs = true,
        },
        new("archive-lost", 503, "The archive is not in the server's upload folder",
            "Send it again; all processes on a database share the upload folder.",
            ProblemFacts.JobId, ProblemFacts.Inserted)
        {
            FailsJobs = true,
        },
        new("job-failed", 503, "The job stopped",
            "`failure` of the job says why. Retry it.", ProblemFacts.JobId, ProblemFacts.Inserted)
        {
            FailsJobs = true,
        },
        new("job-broken", 503, "The job failed three times with a server error",
            "Report it, and retry the job.",
            ProblemFacts.JobId, ProblemFacts.Inserted)
        {
            FailsJobs = true,
        },
    ]);

    /// <summary>Why a single file failed or was skipped, in addition to <see cref="PictureProblems"/>.</summary>
    public static readonly IReadOnlyList<KnownReason> FileReasons =
    [
        new("unsafe-name", "Its path is absolute or leaves the archive", "Rename it."),
        new("nested-archive", "It is an archive inside the archive", "Unpack it first."),
        new("encrypted-entry", "It needs a password", "Send it without one."),
        new("damaged-entry", "Its data does not match the archive's directory", "Make the archive again."),
        new("engine-error", "The engine failed unexpectedly on this picture",
            "Report it with the server's log. Retry the job to try the picture again."),
        new("picture-too-large", "The file is larger than a single picture may be", "Scale the picture down."),
        new("too-many-pixels-of-archive", "It does not fit: the archive's pictures have too many pixels together",
            "Send it in another archive; `Enrolment:MaxArchivePixels` is the limit."),
        new("undecodable-name", "Enrolled without a person: its path has characters that were not decoded",
            "Name the encoding with `nameEncoding`, or assign the face to its person."),
        new("invalid-text", "A name, external id or tag of a face is blank, too long, or has control characters",
            "Correct the row of the export, or the text where it was exported."),
        new("invalid-box", "The box of a face is not in the picture", "Correct the row of the export."),
        new("wrong-checksum", "The picture does not match its SHA-256", "Export the collection again."),
        new("picture-not-kept", "The picture is not stored, so its faces can't be embedded again",
            "Remove its faces, or ask with `dropFailed=true`."),
        new("face-not-found", "The new model's detector does not find an enrolled face where it was",
            "Remove the face, or ask with `dropFailed=true`."),
        new("picture-removed", "Skipped: the enrolled picture was removed, or its person erased, before the job had ended"),
        new("person-erased", "Skipped: it names a person who was erased while the job was queued or running"),
        new("system-file", "Skipped: a file that an operating system leaves in archives"),
    ];
}
