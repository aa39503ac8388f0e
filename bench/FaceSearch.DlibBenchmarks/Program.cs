using System.Globalization;
using System.Runtime.InteropServices;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Application.Abstractions;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
SessionOptions Opt() { var o = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 }; o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); return o; }
InferenceSession Open(ReadOnlyMemory<byte> m) => new(m.ToArray(), Opt());
static RgbImage Ppm(string f) { var b = File.ReadAllBytes(f); int p = 3; int Num() { int v = 0; while (b[p] < '0') p++; while (b[p] >= '0') v = v * 10 + b[p++] - '0'; return v; } int w = Num(), h = Num(); Num(); p++; var im = new RgbImage(w, h); b.AsSpan(p, w * h * 3).CopyTo(im.Pixels); return im; }
switch (args[0])
{
    case "ppm":
        foreach (var f in args[2..])
        {
            using var bmp0 = SKBitmap.Decode(f); if (bmp0 is null) continue;
            using var bmp = bmp0.Copy(SKColorType.Rgba8888);
            using var o = File.Create(Path.Combine(args[1], Path.GetFileNameWithoutExtension(f) + ".ppm"));
            o.Write(System.Text.Encoding.ASCII.GetBytes($"P6\n{bmp.Width} {bmp.Height}\n255\n"));
            var s = bmp.GetPixelSpan(); var t = new byte[bmp.Width * bmp.Height * 3];
            for (int i = 0, j = 0; j < t.Length; i += 4) { t[j++] = s[i]; t[j++] = s[i + 1]; t[j++] = s[i + 2]; }
            o.Write(t);
        }
        break;
    case "detect":
        {
            var n = DlibNetwork.Read(File.ReadAllBytes(args[1]), NetworkGrammar.Mmod);
            using var s = Open(NetworkTranslator.TranslateDetector(n));
            var d = new MmodFaceDetector(s, n, new MmodSettings { Upsample = int.Parse(args[2]), MaxBandPixels = args.Length > 3 ? int.Parse(args[3]) : 4_000_000 });
            while (Console.ReadLine() is { } f)
            {
                using var im = Ppm(f);
                var r = d.Detect(im);
                Console.WriteLine(r.Count + string.Concat(r.Select(x => $" {x.Box.X} {x.Box.Y} {x.Box.X + x.Box.Width - 1} {x.Box.Y + x.Box.Height - 1} {x.Score:R}")));
            }
            break;
        }
    case "align":
        {
            var a = new DlibFaceAligner(ShapePredictorReader.Read(File.ReadAllBytes(args[1])));
            using var o = File.Create(args[2]);
            while (Console.ReadLine() is { } l)
            {
                var q = l.Split(' '); using var im = Ppm(q[0]); var v = q[1..].Select(int.Parse).ToArray();
                var r = a.Align(im, new FaceDetection(new BoundingBox(v[0], v[1], v[2] - v[0] + 1, v[3] - v[1] + 1), 1, null));
                Console.WriteLine(string.Concat(r.Landmarks.Points.Select(p => $"{p.X} {p.Y} ")));
                o.Write(r.Chip.Rgb);
            }
            break;
        }
    case "embed":
        {
            var n = DlibNetwork.Read(File.ReadAllBytes(args[2]), args[1] == "resnet" ? NetworkGrammar.ResNet : NetworkGrammar.DenseNet);
            using var s = Open(NetworkTranslator.TranslateEmbedder(n, 150));
            var e = new DlibEmbedder(s, n.Input); var b = File.ReadAllBytes(args[3]); var k = int.Parse(args[4]);
            var chips = b.Chunk(67500).Select(c => new FaceChip(150, c)).ToArray();
            using var o = File.Create(args[5]);
            foreach (var c in chips.Chunk(k)) foreach (var x in e.Embed(c)) o.Write(MemoryMarshal.AsBytes(x.Values));
            if (args.Length > 6)
            {
                var batch = Enumerable.Range(0, k).Select(i => chips[i % chips.Length]).ToArray();
                double best = 1e9; for (int i = 0; i < int.Parse(args[6]); i++) { var t0 = System.Diagnostics.Stopwatch.GetTimestamp(); e.Embed(batch); best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(t0).TotalMilliseconds); }
                Console.WriteLine(best / k);
            }
            break;
        }
    case "fit":
        {
            var n = DlibNetwork.Read(File.ReadAllBytes(args[1]), NetworkGrammar.Mmod);
            using var s = Open(NetworkTranslator.TranslateDetector(n));
            var d = new MmodFaceDetector(s, n, new MmodSettings());
            var y = new YuNetFaceDetector(new YuNetNetwork(new InferenceSession("/work/shared/models/yunet_n_dynamic.onnx", Opt())));
            while (Console.ReadLine() is { } f)
            {
                using var im = Ppm(f);
                var ys = y.Detect(im);
                foreach (var m in d.Detect(im))
                {
                    var best = ys.Where(q => Math.Abs(q.Box.X + q.Box.Width / 2 - m.Box.X - m.Box.Width / 2) < m.Box.Width / 3 && Math.Abs(q.Box.Y + q.Box.Height / 2 - m.Box.Y - m.Box.Height / 2) < m.Box.Width / 2).OrderByDescending(q => q.Score).Take(1).ToArray();
                    if (best.Length == 1) Console.WriteLine($"{m.Box.X} {m.Box.Y} {m.Box.Width} {m.Box.Height} {best[0].Box.X} {best[0].Box.Y} {best[0].Box.Width} {best[0].Box.Height} " + string.Join(' ', best[0].Landmarks!.Points.Select(p => $"{p.X} {p.Y}")));
                }
            }
            break;
        }
    case "mmod":
        {
            var n = DlibNetwork.Read(File.ReadAllBytes(args[1]), NetworkGrammar.Mmod);
            using var s = Open(NetworkTranslator.TranslateDetector(n));
            var d = new MmodFaceDetector(s, n, new MmodSettings { Upsample = int.Parse(args[3]), MaxBandPixels = args.Length > 5 ? int.Parse(args[5]) : 4_000_000 });
            using var im = Ppm(args[2]);
            double best = 1e9; for (int i = 0; i < int.Parse(args[4]); i++) { var t0 = System.Diagnostics.Stopwatch.GetTimestamp(); d.Detect(im); best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(t0).TotalMilliseconds); }
            Console.WriteLine($"{best} rss {Environment.WorkingSet >> 20}");
            break;
        }
}
