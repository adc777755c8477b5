using TorchSharp;
using static System.FormattableString;

namespace LogitSeparation.Core.Onnx;

/// <summary>
/// A computation as ONNX describes it: inputs, constants, operations in order, outputs. Field numbers are those of onnx.proto
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), operators those of operator set 17.
/// </summary>
internal sealed class OnnxGraph
{
    private const int FormatVersion = 8;
    private const int OperatorSet = 17;
    private const int IntAttribute = 2;
    private const int IntsAttribute = 7;
    private const int ExternalLocation = 1;

    private readonly List<(string Name, OnnxElement Element, object[] Shape)> _inputs = [];
    private readonly List<(string Name, OnnxElement Element, object[] Shape)> _outputs = [];
    private readonly List<OnnxConstant> _constants = [];
    private readonly List<OnnxNode> _nodes = [];

    /// <summary>The operations in order.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The constants.</summary>
    public IReadOnlyList<OnnxConstant> Constants => _constants;

    /// <summary>Adds an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="element">What its numbers are.</param>
    /// <param name="shape">Its sizes: a number, or a name for one that is not fixed.</param>
    public string Input(string name, OnnxElement element, params object[] shape)
    {
        _inputs.Add((name, element, shape));
        return name;
    }

    /// <summary>Names what the graph gives: float32.</summary>
    /// <param name="name">What an operation gives.</param>
    /// <param name="shape">Its sizes, as of <see cref="Input"/>.</param>
    public void Output(string name, params object[] shape) => _outputs.Add((name, OnnxElement.Float, shape));

    /// <summary>Adds numbers; not copied.</summary>
    public string Constant(string name, ReadOnlyMemory<float> values, params long[] shape) => Add(new(name, shape, values));

    /// <summary>Adds whole numbers.</summary>
    public string Constant(string name, params long[] values) => Add(new(name, [values.Length], default, values));

    /// <summary>Adds a copy of a float32 tensor.</summary>
    public string Constant(string name, torch.Tensor values)
    {
        using var scope = torch.NewDisposeScope();
        return Add(new(name, values.shape, values.detach().cpu().contiguous().data<float>().ToArray()));
    }

    /// <summary>Adds an operation.</summary>
    /// <param name="kind">The operator.</param>
    /// <param name="inputs">What it takes.</param>
    /// <param name="output">The name of what it gives; null for one made up.</param>
    /// <param name="numbers">Attributes of one number.</param>
    /// <param name="lists">Attributes of several.</param>
    /// <returns>The name of what it gives.</returns>
    public string Node(
        string kind, string[] inputs, string? output = null, (string Name, long Value)[]? numbers = null, (string Name, long[] Values)[]? lists = null)
    {
        var node = new OnnxNode(kind, inputs, output ?? Invariant($"{kind.ToLowerInvariant()}.{_nodes.Count}"), numbers ?? [], lists ?? []);
        _nodes.Add(node);
        return node.Output;
    }

    /// <summary>x Wᵀ + b.</summary>
    public string Product(string input, string weight, string bias, string? output = null) =>
        Node("Gemm", [input, weight, bias], output, [("transB", 1)]);

    /// <summary>The file's content.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="metadata">What else the file is to say.</param>
    /// <param name="companion">Where large arrays lie; null where they lie in the file itself.</param>
    public ProtoMessage ToMessage(string name, IEnumerable<KeyValuePair<string, string>> metadata, OnnxCompanion? companion = null)
    {
        var graph = new ProtoMessage();
        foreach (var node in _nodes)
            graph.Add(1, Message(node));
        graph.Add(2, name);
        foreach (var constant in _constants)
            graph.Add(5, Message(constant, companion));
        foreach (var input in _inputs)
            graph.Add(11, Message(input));
        foreach (var output in _outputs)
            graph.Add(12, Message(output));

        var model = new ProtoMessage().Add(1, FormatVersion).Add(2, "LogitSeparation").Add(7, graph)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, OperatorSet));
        foreach (var (key, value) in metadata)
            model.Add(14, Entry(key, value));
        return model;
    }

    private string Add(OnnxConstant constant)
    {
        _constants.Add(constant);
        return constant.Name;
    }

    private static ProtoMessage Message(OnnxNode node)
    {
        var message = new ProtoMessage();
        foreach (var input in node.Inputs)
            message.Add(1, input);
        message.Add(2, node.Output).Add(3, node.Output).Add(4, node.Kind);
        foreach (var (name, value) in node.Numbers)
            message.Add(5, new ProtoMessage().Add(1, name).Add(3, value).Add(20, IntAttribute));
        foreach (var (name, values) in node.Lists)
        {
            var attribute = new ProtoMessage().Add(1, name);
            foreach (var value in values)
                attribute.Add(8, value);
            message.Add(5, attribute.Add(20, IntsAttribute));
        }

        return message;
    }

    private static ProtoMessage Message(OnnxConstant constant, OnnxCompanion? companion)
    {
        var message = new ProtoMessage();
        foreach (var size in constant.Shape)
            message.Add(1, size);
        message.Add(2, (long)constant.Element).Add(8, constant.Name);
        if (companion?.Find(constant) is not { } place)
            return message.Add(9, constant.ByteLength, constant.WriteTo);
        message.Add(13, Entry("location", companion.Name)).Add(13, Entry("offset", Invariant($"{place}")));
        return message.Add(13, Entry("length", Invariant($"{constant.ByteLength}"))).Add(14, ExternalLocation);
    }

    private static ProtoMessage Entry(string key, string value) => new ProtoMessage().Add(1, key).Add(2, value);

    private static ProtoMessage Message((string Name, OnnxElement Element, object[] Shape) value)
    {
        var shape = new ProtoMessage();
        foreach (var size in value.Shape)
            shape.Add(1, size is string name ? new ProtoMessage().Add(2, name) : new ProtoMessage().Add(1, Convert.ToInt64(size, provider: null)));
        var tensor = new ProtoMessage().Add(1, (long)value.Element).Add(2, shape);
        return new ProtoMessage().Add(1, value.Name).Add(2, new ProtoMessage().Add(1, tensor));
    }
}
