namespace FaceSearch.Domain.Enrolment;

/// <summary>Work on many pictures that survives a restart of the process.</summary>
public sealed class EnrolmentJob
{
    public const int FailureMaxLength = 500;

    public const int OwnerMaxLength = 64;

    public const int ErrorMaxLength = 64;

    public const int NameEncodingMaxLength = 40;

    public const int ReceiptMaxLength = 1000;

    private const string BrokenCode = "job-broken";

    private long? collectionId;

    /// <summary>Version 7: ids ascend with time, so the order of ids is the order of jobs.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Null for an import whose collection does not exist yet, and for the removal of a collection.</summary>
    public long? CollectionId
    {
        get => collectionId;
        init => collectionId = value;
    }

    /// <summary>The name of the collection that an import creates or a removal deletes; null for other jobs.</summary>
    public string? CollectionName { get; init; }

    public EnrolmentJobKind Kind { get; init; } = EnrolmentJobKind.Archive;

    /// <summary>The target model of a re-embedding, or the model of an export; null otherwise.</summary>
    public string? Model { get; init; }

    /// <summary>The encoding of the names in the archive, as the client has named it; null when it has not.</summary>
    public string? NameEncoding { get; init; }

    /// <summary>The id of the erased person, the removed face or the removed collection; null otherwise.</summary>
    public long? SubjectId { get; init; }

    /// <summary>The counts of a person's erasure as JSON; null otherwise.</summary>
    public string? Receipt { get; init; }

    /// <summary>The archive may hold pictures of an erased person: it is deleted when the job has ended.</summary>
    public bool DropsArchive { get; private set; }

    /// <summary>The embeddings that a failed or cancelled re-embedding has left are deleted.</summary>
    public bool EmbeddingsDropped { get; private set; }

    /// <summary>Changed by erasures, so that a batch that was read before one is not stored after it.</summary>
    public int Version { get; private set; }

    public EnrolmentJobState State { get; private set; } = EnrolmentJobState.Queued;

    /// <summary>Why the whole job failed: a code of <c>docs/problems.md</c>; null otherwise.</summary>
    public string? FailureCode { get; private set; }

    public string? Failure { get; private set; }

    /// <summary>
    /// Pictures in the zip, or in the collection; null until the job has begun. The export of an import is verified by
    /// then.
    /// </summary>
    public int? Total { get; private set; }

    public int Inserted { get; private set; }

    public int Duplicates { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>A client has cancelled the running job; its owner ends it at the next batch.</summary>
    public bool CancelRequested { get; private set; }

    /// <summary>The process that runs the job; null when none does. Only the owner changes a running job.</summary>
    public string? Owner { get; private set; }

    /// <summary>When the lease expires, unless the owner renews it; in the database's time.</summary>
    public DateTime? LeasedUntil { get; private set; }

    /// <summary>How often the job was started since its last progress; also by processes that ended without a trace.</summary>
    public int Attempts { get; private set; }

    /// <summary>How often the database failed since the last progress. Such starts are not attempts.</summary>
    public int Waits { get; private set; }

    /// <summary>Why an attempt ended early: an exception's type, or a code. Null when none did.</summary>
    public string? LastError { get; private set; }

    /// <summary>No process takes the job before this time, in the database's time; null for no delay.</summary>
    public DateTime? NotBefore { get; private set; }

    /// <summary>Grows with each stored batch or step of the job.</summary>
    public int ProgressMark { get; private set; }

    /// <summary>What an import has stored, as JSON; null before its first batch, and for other kinds.</summary>
    public string? Result { get; private set; }

    /// <summary>The API key that started the job; null for an anonymous caller and for the server itself.</summary>
    public long? StartedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; private set; }

    /// <summary>When the present run began: later than <see cref="StartedAt"/> after a restart.</summary>
    public DateTime? ResumedAt { get; private set; }

    /// <summary>The count that earlier runs had done.</summary>
    public int DoneBefore { get; private set; }

    /// <summary>When the counts last grew.</summary>
    public DateTime? ProgressedAt { get; private set; }

    public DateTime? EndedAt { get; private set; }

    /// <summary>Whether all attempts failed, at whatever step.</summary>
    public bool IsBroken => FailureCode == BrokenCode;

    public bool IsReembedding => Kind is EnrolmentJobKind.Reembedding or EnrolmentJobKind.ReembeddingOrRemoval;

    /// <summary>Whether the job finishes an erasure. It can't be cancelled, as the rows are deleted.</summary>
    public bool IsErasure => Kind is
        EnrolmentJobKind.PersonErasure or EnrolmentJobKind.FaceRemoval or EnrolmentJobKind.CollectionRemoval;

    /// <summary>Whether a re-embedding removes the faces it can't embed again.</summary>
    public bool DropsFailed => Kind == EnrolmentJobKind.ReembeddingOrRemoval;

    /// <summary>Whether the job reads an uploaded archive, which is kept until it succeeds.</summary>
    public bool HasArchive => Kind is EnrolmentJobKind.Archive or EnrolmentJobKind.CollectionImport;

    /// <summary>Whether a retry would try the failed files again. An import would find the same rows.</summary>
    public bool CanRetryFailed => Failed > 0 && Kind != EnrolmentJobKind.CollectionImport;

    public int Done => Inserted + Duplicates + Failed + Skipped;

    public bool HasEnded =>
        State is EnrolmentJobState.Succeeded or EnrolmentJobState.Failed or EnrolmentJobState.Cancelled;

    /// <summary>Of the present run; null before its first batch.</summary>
    public double? PicturesPerSecond =>
        ProgressedAt > ResumedAt ? (Done - DoneBefore) / (ProgressedAt - ResumedAt).Value.TotalSeconds : null;

    /// <summary>Estimated from the rate of the present run; null when it is unknown, or when the job has ended.</summary>
    public TimeSpan? TimeLeft =>
        !HasEnded && Total is { } total && PicturesPerSecond is { } pace and > 0
            ? TimeSpan.FromSeconds((total - Done) / pace)
            : null;

    /// <summary>Also called after a restart: a running job continues where its stored items end.</summary>
    public void Start(int total, DateTime now)
    {
        RequireNotEnded();
        State = EnrolmentJobState.Running;
        Total = total;
        StartedAt ??= now;
        ResumedAt = now;
        DoneBefore = Done;
        ProgressedAt = null;
    }

    /// <summary>Called when an import has created its collection, or found that it exists meanwhile.</summary>
    public void Assign(long id)
    {
        RequireNotEnded();
        collectionId = id;
    }

    /// <summary>Stored with the batch that it describes.</summary>
    public void SetResult(string result)
    {
        RequireNotEnded();
        Result = result;
    }

    /// <summary>
    /// For work on a collection, whose size changes while the job runs: sets the total and the done count. The rate is
    /// that of the present run and is not changed.
    /// </summary>
    public void SetProgress(int total, int inserted, int failed)
    {
        RequireNotEnded();
        DoneBefore += inserted + failed - Done;
        (Total, Inserted, Failed) = (total, inserted, failed);
        (Duplicates, Skipped) = (0, 0);
    }

    public void Count(IEnumerable<EnrolmentOutcome> outcomes, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        RequireNotEnded();
        var done = Done;
        foreach (var outcome in outcomes)
            Count(outcome);

        ProgressedAt = now;
        if (Done > done)
            Advance();
    }

    /// <summary>The caller stores a batch or step with this job: the next attempts are counted from zero.</summary>
    public void Advance()
    {
        ProgressMark++;
        (Attempts, Waits) = (0, 0);
    }

    public void Succeed(DateTime now)
    {
        End(EnrolmentJobState.Succeeded, now);
        LastError = null;
    }

    public void Fail(string code, string failure, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(failure);
        End(EnrolmentJobState.Failed, now);
        FailureCode = code;
        Failure = failure.Length <= FailureMaxLength ? failure : failure[..FailureMaxLength];
    }

    /// <summary>Fails a job whose attempts failed without progress.</summary>
    /// <param name="error">Why the last attempt failed: an exception's type, or a code.</param>
    public void Break(string error, string failure, DateTime now)
    {
        Fail(BrokenCode, failure, now);
        LastError = error;
    }

    /// <summary>
    /// Ends a job that no process runs. A running job is ended by its owner, which calls <see cref="Stop"/>.
    /// </summary>
    public void Cancel(DateTime now)
    {
        RequireNotEnded();
        CancelRequested = true;
        if (Owner is null)
            Stop(now);
    }

    /// <summary>Called by the owner when <see cref="CancelRequested"/> is set. Stored results stay.</summary>
    public void Stop(DateTime now) => End(EnrolmentJobState.Cancelled, now);

    /// <summary>
    /// Queues an ended job again. If <see cref="CanRetryFailed"/>, the caller must remove the failed items in the same
    /// transaction: the job processes every entry that has no item.
    /// </summary>
    public void Retry()
    {
        if (!HasEnded)
            throw new InvalidOperationException($"The job has not ended ({State}).");

        State = EnrolmentJobState.Queued;
        Failed = CanRetryFailed ? 0 : Failed;
        CancelRequested = false;
        EmbeddingsDropped = false;
        (FailureCode, Failure, EndedAt) = (null, null, null);
        (Attempts, Waits, LastError, NotBefore) = (0, 0, null, null);
    }

    private void Count(EnrolmentOutcome outcome)
    {
        switch (outcome)
        {
            case EnrolmentOutcome.Inserted: Inserted++; break;
            case EnrolmentOutcome.Duplicate: Duplicates++; break;
            case EnrolmentOutcome.Skipped: Skipped++; break;
            case EnrolmentOutcome.Failed: Failed++; break;
            default: throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null);
        }
    }

    private void End(EnrolmentJobState state, DateTime now)
    {
        RequireNotEnded();
        State = state;
        EndedAt = now;
        (Owner, LeasedUntil) = (null, null);
    }

    private void RequireNotEnded()
    {
        if (HasEnded)
            throw new InvalidOperationException($"The job has ended ({State}).");
    }
}
