using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>
/// Opens models so that many requests share one session: each run uses its caller's thread only, so callers run in
/// parallel, and no thread spins while it waits.
/// </summary>
internal static class OnnxSessionFactory
{
    /// <param name="keepBuffers">
    /// True lets the session keep its working memory between runs: right for inputs of one size. With inputs of any
    /// size it would keep what the largest picture ever needed, once for each thread.
    /// </param>
    public static InferenceSession Open(string path, bool keepBuffers)
    {
        using var options = Options(keepBuffers);
        return new InferenceSession(path, options);
    }

    /// <inheritdoc cref="Open(string, bool)"/>
    /// <param name="model">A serialised ONNX graph.</param>
    public static InferenceSession Open(byte[] model, bool keepBuffers)
    {
        using var options = Options(keepBuffers);
        return new InferenceSession(model, options);
    }

    private static SessionOptions Options(bool keepBuffers)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            EnableCpuMemArena = keepBuffers,
            EnableMemoryPattern = keepBuffers,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }
}
