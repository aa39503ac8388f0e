using System.Reflection;
using System.Text.RegularExpressions;
using FaceSearch.Api.Search;
using FaceSearch.Domain.Faces;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace FaceSearch.Architecture.Tests;

/// <summary>
/// A backtracking expression takes exponential time on the right input, and callers choose the input. So every
/// expression is a static field with <see cref="RegexOptions.NonBacktracking"/>, whose time is linear.
/// </summary>
[Category("Fault-A8")]
internal sealed class RegexTests
{
    private const string RegexName = "System.Text.RegularExpressions.Regex";

    private static readonly Assembly[] Assemblies =
    [
        typeof(Face).Assembly,
        typeof(Application.DependencyInjection).Assembly,
        typeof(Infrastructure.DependencyInjection).Assembly,
        typeof(SearchController).Assembly,
        Assembly.Load("facesearch"),
    ];

    [Test]
    public void Regex_InAField_DoesNotBacktrack()
    {
        var fields = Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => typeof(Regex).IsAssignableFrom(field.FieldType))
            .ToArray();
        Assert.That(fields, Is.Not.Empty, "The test checks no field.");

        var backtracking = fields
            .Where(field => !((Regex)field.GetValue(null)!).Options.HasFlag(RegexOptions.NonBacktracking))
            .Select(field => $"{field.DeclaringType}.{field.Name}");

        Assert.That(backtracking, Is.Empty);
    }

    /// <summary>Refuses generated expressions, and expressions created in a method or by a static call with a pattern.</summary>
    [Test]
    public void Regex_IsMadeInAFieldOnly()
    {
        var elsewhere = new List<string>();
        foreach (var assembly in Assemblies)
        {
            using var module = ModuleDefinition.ReadModule(assembly.Location);
            elsewhere.AddRange(module.GetTypes().Where(type => type.BaseType?.FullName == RegexName).Select(type => type.FullName));
            elsewhere.AddRange(module.GetTypes().SelectMany(type => type.Methods)
                .Where(method => method.HasBody && method.Body.Instructions.Any(one => MakesRegex(method, one)))
                .Select(method => method.FullName));
        }

        Assert.That(elsewhere, Is.Empty);
    }

    private static bool MakesRegex(MethodDefinition method, Instruction instruction) =>
        instruction.Operand is MethodReference called
        && called.DeclaringType.FullName == RegexName
        && ((instruction.OpCode == OpCodes.Newobj && !(method.IsConstructor && method.IsStatic))
            || (instruction.OpCode == OpCodes.Call && !called.HasThis && called.Name != nameof(Regex.Escape)));
}
