namespace FaceSearch.Api.Http.Problems.Table;

/// <summary>The problems of searches and persons.</summary>
internal static class PersonProblems
{
    public static readonly ProblemTopic Search = new("Search", Note: "",
    [
        new("model-mismatch", 409, "The embedding is not of the collection's model",
            "Embed the face with the collection's `model`: distances between models mean nothing.", ProblemFacts.Model)
        {
            FailsJobs = true,
        },
        new("wrong-embedding-length", 400, "The embedding has the wrong length",
            "Send the 128 floats that `POST /v1/detect` answers."),
        new("wrong-embedding-norm", 400, "The embedding is not of the collection's model, or is scaled",
            "Send the floats that `POST /v1/detect` answers, unchanged."),
    ]);

    public static readonly ProblemTopic Persons = new("Persons", Note: "",
    [
        new("person-not-found", 404, "There is no such person", "Use an id that listing or searching the collection has answered."),
        new("face-not-found", 404, "There is no such face",
            "Use an id that enrolling, listing or searching the collection has answered."),
        new("exclusion-not-found", 404, "The face is not excluded from this person", "There is nothing to remove."),
        new("person-exists", 409, "Another person has this name",
            "`personId` is its id: merge the two if they are one.", ProblemFacts.PersonId),
        new("jobs-running", 409, "Jobs of the collection are not finished",
            "Wait until the collection's jobs have ended, or cancel them."),
    ]);
}
