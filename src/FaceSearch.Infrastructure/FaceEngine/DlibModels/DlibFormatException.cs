using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

/// <summary>A file is not what dlib would have written: truncated, damaged, or another network than expected.</summary>
internal sealed class DlibFormatException(string message) : ModelFormatException(message);
