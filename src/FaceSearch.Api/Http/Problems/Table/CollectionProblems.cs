namespace FaceSearch.Api.Http.Problems.Table;

/// <summary>The problems of collections, exports and API keys.</summary>
internal static class CollectionProblems
{
    public static readonly ProblemTopic Topic = new("Collections and keys", Note: "",
    [
        new("collection-exists", 409, "The collection exists already", "Take another name, or use the collection that is there."),
        new("default-collection", 409, "The default collection can't be removed",
            "The unversioned routes use the collection `default`: empty it instead."),
        new("damaged-export", 422, "The export is damaged",
            "The damaged file is `entry`: export the collection again.", ProblemFacts.Entry)
        {
            FailsJobs = true,
        },
        new("key-not-found", 404, "There is no such key", "Use an id that `GET /v1/keys` answers."),
        new("key-name-taken", 409, "Another key has this name", "Take another name, or revoke the key that has it."),
        new("last-admin-key", 409, "This is the last key that can issue keys",
            "Issue another key with the scope `admin` for all collections first."),
        new("secret-not-kept", 409, "The key was issued, but its secret is not shown twice", "Revoke it and issue another."),
    ]);
}
