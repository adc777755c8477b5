using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>Which methods of an assembly call which, read from its instructions. A method is named by type, name and signature.</summary>
internal sealed class CallGraph : IDisposable
{
    private static readonly Dictionary<int, OpCode> OpCodes = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => (int)(ushort)code.Value);

    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    public CallGraph(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
    }

    /// <summary>Each method with the methods that it calls.</summary>
    public IEnumerable<(string Caller, HashSet<string> Callees)> Calls =>
        from handle in _reader.MethodDefinitions
        let method = _reader.GetMethodDefinition(handle)
        where method.RelativeVirtualAddress != 0
        select (Name(handle), Callees(_file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!));

    public void Dispose() => _file.Dispose();

    private HashSet<string> Callees(byte[] il)
    {
        var callees = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < il.Length;)
        {
            var value = il[i] == 0xfe ? 0xfe00 | il[i + 1] : il[i];
            i += value > 0xff ? 2 : 1;
            var code = OpCodes[value];
            if (code.OperandType == OperandType.InlineMethod)
                callees.Add(Name(MetadataTokens.EntityHandle(BitConverter.ToInt32(il, i))));
            i += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, i)),
                _ => 4,
            };
        }

        return callees;
    }

    private string Name(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return Name(_reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MethodDefinition:
                var method = _reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                return Name(method.GetDeclaringType(), method.Name, method.DecodeSignature(SignatureText.Instance, null));
            default:
                var reference = _reader.GetMemberReference((MemberReferenceHandle)handle);
                return Name(reference.Parent, reference.Name, reference.DecodeMethodSignature(SignatureText.Instance, null));
        }
    }

    private string Name(EntityHandle type, StringHandle name, MethodSignature<string> signature) =>
        $"{SignatureText.TypeName(_reader, type)}.{_reader.GetString(name)}({string.Join(',', signature.ParameterTypes)})";
}
