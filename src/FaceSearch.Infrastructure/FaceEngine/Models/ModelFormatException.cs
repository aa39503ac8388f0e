namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>A model file is not in the format its reader knows: truncated, damaged, or another network than expected.</summary>
internal abstract class ModelFormatException(string message) : Exception(message);
