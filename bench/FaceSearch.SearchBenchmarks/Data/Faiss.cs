using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FaceSearch.SearchBenchmarks;

/// <summary>A Python process that has FAISS indexes and runs one command at a time.</summary>
internal sealed class Faiss : IDisposable
{
    private readonly Process process;

    public Faiss(string script)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
    }

    public JsonNode Ask(string action, params (string Name, JsonNode Value)[] arguments)
    {
        var command = new JsonObject { ["action"] = action };
        foreach (var (name, value) in arguments)
            command[name] = value;

        process.StandardInput.WriteLine(command.ToJsonString());
        var answer = process.StandardOutput.ReadLine();
        return JsonNode.Parse(answer ?? throw new InvalidOperationException($"FAISS ended during {action}."))!;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
