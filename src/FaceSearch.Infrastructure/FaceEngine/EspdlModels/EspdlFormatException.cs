using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Infrastructure.FaceEngine.EspdlModels;

/// <summary>A file is not an ESP-DL network that can be translated: truncated, damaged, or with unknown parts.</summary>
internal sealed class EspdlFormatException(string message) : ModelFormatException($"Not a usable ESP-DL model: {message}");
