namespace FaceSearch.Infrastructure.Jobs;

/// <summary>Ends a run from inside the pipeline, before its batch is stored.</summary>
internal abstract class JobInterruptedException(string message) : Exception(message);

internal sealed class JobLostException() : JobInterruptedException("Another process has taken the job over.");

/// <summary>The job continues from its stored items, with the new model.</summary>
internal sealed class CollectionModelChangedException() : JobInterruptedException("The collection has got another model.");

/// <summary>A duty can't be done yet. Its job is attempted again after a delay.</summary>
internal sealed class DutyPendingException() : Exception("A duty of the job can't be done yet.");

internal sealed class JobCancelledException() : JobInterruptedException("The job was cancelled.");
