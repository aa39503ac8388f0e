using System.Globalization;
using FaceSearch.DlibBenchmarks;

// This engine's half of bench/dlib.sh; tests/Oracle is dlib's. Every time is the fastest of the repeats after a warm-up, in
// milliseconds of processor time. For one thread that is the elapsed time on an idle machine.
// Pictures are binary PPM, chips raw bytes.
//
//   embed resnet|densenet NET CHIPS BATCH REPEATS           per chip
//   mmod MMOD PPM UPSAMPLE REPEATS                          per picture
//   chain mmod|yunet UPSAMPLE DETECTOR PREDICTOR NET ROUNDS < LIST   per picture
//   steps YUNET PREDICTOR NET ROUNDS < LIST                 the time of each step of the chain with YuNet
//   difference resnet|densenet NET CHIPS EXPECTED           the largest difference from dlib's floats
//   roof NET SIZE                                           GFLOP in one run of the network; GFLOP/s of a plain GEMM
//   memory MMOD NET PPM                                     MB after loading, after the picture
//   decode OUT_FOLDER PICTURE...                            writes each as PPM
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine(args switch
{
    ["embed", var kind, var net, var chips, var batch, var repeats] =>
        Measurements.Embed(kind, net, chips, int.Parse(batch), int.Parse(repeats)),
    ["mmod", var mmod, var picture, var upsample, var repeats] =>
        Measurements.Detect(mmod, picture, int.Parse(upsample), int.Parse(repeats)),
    ["chain", var kind, var upsample, var detector, var predictor, var net, var rounds] =>
        Measurements.Chain(kind, int.Parse(upsample), detector, predictor, net, int.Parse(rounds)),
    ["steps", var yunet, var predictor, var net, var rounds] => Measurements.Steps(yunet, predictor, net, int.Parse(rounds)),
    ["difference", var kind, var net, var chips, var expected] => Measurements.Difference(kind, net, chips, expected),
    ["roof", var net, var size] => Measurements.Roof(net, int.Parse(size)),
    ["memory", var mmod, var net, var picture] => Measurements.Memory(mmod, net, picture),
    ["decode", var folder, .. var pictures] => Pictures.Decode(folder, pictures),
    _ => throw new ArgumentException("See the top of Program.cs."),
});
