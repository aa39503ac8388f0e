using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Infrastructure.FaceEngine.Onnx;

/// <summary>A file is not an ONNX model, or not one whose weights can be read.</summary>
internal sealed class OnnxFormatException(string message) : ModelFormatException($"Not a usable ONNX model: {message}");
