// Called by tests/picture-fuzz.sh. The engine runs in a child process, which a damaged picture may crash or hang.
//   INPUTS SEED FOLDER    the parent; keeps inputs that crash or hang the child in the folder
//   child SEED            reads numbers of inputs, and answers each with what the engine made of it
using System.Globalization;
using FaceSearch.PictureFuzz;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["child", var childSeed])
    return Child.Run(new Inputs(int.Parse(childSeed)));

var (count, seed, folder) = (int.Parse(args[0]), int.Parse(args[1]), args[2]);
return new Parent(new Inputs(seed), seed, folder).Run(count);
