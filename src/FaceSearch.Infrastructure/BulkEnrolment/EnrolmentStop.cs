namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>Ends a run from inside the pipeline, before its batch is stored.</summary>
internal abstract class EnrolmentStop(string message) : Exception(message);

internal sealed class JobLostException() : EnrolmentStop("Another process has taken the job over.");

/// <summary>The job continues from its stored items, with the new model.</summary>
internal sealed class CollectionMovedOnException() : EnrolmentStop("The collection has got another model.");

internal sealed class JobCancelledException() : EnrolmentStop("The job was cancelled.");
