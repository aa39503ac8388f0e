namespace FaceSearch.Domain.Enrolment;

public enum EnrolmentJobKind
{
    /// <summary>Enrols a zip of pictures into a collection.</summary>
    Archive = 1,

    /// <summary>Embeds the collection's stored pictures again with another model.</summary>
    Reembedding = 2,

    /// <summary>The same; faces that can't be embedded again are removed instead of failing the job.</summary>
    ReembeddingOrRemoval = 3,

    /// <summary>Finishes the erasure of a person, whose rows are deleted.</summary>
    PersonErasure = 4,

    /// <summary>Finishes the removal of faces, whose rows are deleted.</summary>
    FaceRemoval = 5,

    /// <summary>Stores an exported collection.</summary>
    CollectionImport = 6,

    /// <summary>Measures the distances between the collection's faces.</summary>
    Calibration = 7,

    /// <summary>Deletes the data of a removed collection.</summary>
    CollectionRemoval = 8,
}
