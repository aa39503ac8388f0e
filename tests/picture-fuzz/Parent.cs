using System.Diagnostics;

namespace FaceSearch.PictureFuzz;

/// <summary>Gives the child one input after the other, and starts another child when it ends, hangs or takes too much memory.</summary>
internal sealed class Parent(Inputs inputs, int seed, string folder)
{
    private const long MaxBytes = 1_000_000_000;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5), MaxStart = TimeSpan.FromMinutes(2);

    private readonly SortedDictionary<string, int> answers = [];
    private int crashes, hangs, tooLarge;

    /// <returns>The exit code: 1 for a crash, a hang or too much memory.</returns>
    public int Run(int count)
    {
        var child = Start();
        for (var number = 0; number < count; number++)
        {
            if (Give(child, number) is not { } fault)
                continue;

            Keep(number, fault);
            child.Kill();
            child.Dispose();
            child = Start();
        }

        child.StandardInput.Close();
        child.WaitForExit();
        child.Dispose();
        foreach (var (answer, times) in answers)
            Console.WriteLine($"{times,7} {answer}");
        Console.WriteLine($"seed {seed}");
        Console.WriteLine($"picture_fuzz inputs={count} crashes={crashes} hangs={hangs}");
        return crashes + hangs + tooLarge == 0 ? 0 : 1;
    }

    /// <returns>What went wrong; null when the child answered.</returns>
    private string? Give(Process child, int number)
    {
        child.StandardInput.WriteLine(number);
        if (!TryRead(child, MaxTime, out var answer))
        {
            hangs++;
            return $"hang: no answer in {MaxTime.TotalSeconds} s";
        }

        if (answer is null)
        {
            crashes++;
            child.WaitForExit();
            return $"crash: the process ended with {child.ExitCode}";
        }

        answers[answer] = answers.GetValueOrDefault(answer) + 1;
        child.Refresh();
        if (child.PeakWorkingSet64 <= MaxBytes)
            return null;

        tooLarge++;
        return $"memory: {child.PeakWorkingSet64 / 1_000_000} MB, of at most {MaxBytes / 1_000_000}";
    }

    private void Keep(int number, string fault)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{seed}-{number}{inputs.Extension(number)}");
        File.WriteAllBytes(path, inputs.Make(number));
        Console.WriteLine($"{fault}; SEED={seed}, input {number}, kept in {path}");
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { "child", $"{seed}" },
        };
        var child = Process.Start(start)!;
        return TryRead(child, MaxStart, out var line) && line == "ready"
            ? child
            : throw new InvalidOperationException("The child did not start: it needs the model files of a profile.");
    }

    /// <param name="line">Null when the child has ended.</param>
    /// <returns>False when it did not answer in time.</returns>
    private static bool TryRead(Process child, TimeSpan time, out string? line)
    {
        var reading = child.StandardOutput.ReadLineAsync();
        var answered = reading.Wait(time);
        line = answered ? reading.Result : null;
        return answered;
    }
}
