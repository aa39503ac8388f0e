namespace FaceSearch.Infrastructure.FaceEngine.EspdlModels;

/// <summary>An operation. Attributes are a float, a long, a string, or an array of longs.</summary>
internal sealed record EspdlNode(
    string Operation, IReadOnlyList<string> Inputs, string Output, IReadOnlyDictionary<string, object> Attributes)
{
    private const int MaxItems = 16;

    private enum AttributeType
    {
        Float = 1,
        Int = 2,
        String = 3,
        Ints = 7,
    }

    public static EspdlNode Read(FlatBufferTable node)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var attribute in node.Tables(5, MaxItems))
            attributes[attribute.String(0)] = Value(attribute);

        return node.Strings(1, MaxItems) is [var output]
            ? new EspdlNode(node.String(3), node.Strings(0, MaxItems), output, attributes)
            : throw new EspdlFormatException($"{node.String(3)} needs one output.");
    }

    /// <summary>A required attribute that holds <paramref name="count"/> whole numbers from 0 to 255.</summary>
    public int[] Ints(string name, int count)
    {
        if (Attributes.GetValueOrDefault(name) is not long[] items || items.Length != count
            || !items.All(item => item is >= 0 and <= byte.MaxValue))
            throw new EspdlFormatException($"{Operation} needs {count} numbers as {name}.");

        return Array.ConvertAll(items, item => (int)item);
    }

    /// <summary>Refuses attributes other than these: they would change the result.</summary>
    public void Allow(params ReadOnlySpan<string> names)
    {
        foreach (var name in Attributes.Keys)
        {
            if (name != "quant_type" && !names.Contains(name))
                throw new EspdlFormatException($"{Operation} has the unknown attribute {name}.");
        }
    }

    /// <summary>Refuses another value of an attribute; one that is left out has the expected value.</summary>
    public void Expect(string name, object expected)
    {
        if (Attributes.TryGetValue(name, out var value) && !value.Equals(expected))
            throw new EspdlFormatException($"{Operation} has {name} other than {expected}.");
    }

    private static object Value(FlatBufferTable attribute) => (AttributeType)attribute.Int32(3, 0) switch
    {
        AttributeType.Float => attribute.Single(4, 0),
        AttributeType.Int => attribute.Int64(5, 0),
        AttributeType.String => attribute.String(6),
        AttributeType.Ints => attribute.Int64s(11, MaxItems),
        var type => throw new EspdlFormatException($"attribute type {(int)type} is unknown."),
    };
}
