using FsCheck.Xunit;
using LogitSeparation.Core.Runtime;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

public sealed class NativeImageTests
{
    public static TheoryData<string, string> Bindings => new()
    {
        { "linux-x64", "libLibTorchSharp.so" },
        { "win-x64", "LibTorchSharp.dll" },
        { "win-arm64", "LibTorchSharp.dll" },
        { "osx-arm64", "libLibTorchSharp.dylib" },
    };

    [Theory]
    [MemberData(nameof(Bindings))]
    public void A_whole_library_is_whole(string rid, string name) =>
        Assert.Null(NativeImage.FindDamage(NuGetCache.RequireBinding(rid, name)));

    [Theory]
    [MemberData(nameof(Bindings))]
    public void A_library_without_its_last_byte_is_damaged(string rid, string name)
    {
        var library = File.ReadAllBytes(NuGetCache.RequireBinding(rid, name));
        var damage = NativeImage.FindDamage(library.AsSpan(0, 65536), library.Length - 1);
        Assert.Contains($"cut off: {library.Length - 1} bytes", damage, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bindings))]
    public void A_library_cut_within_its_headers_is_damaged(string rid, string name)
    {
        var library = File.ReadAllBytes(NuGetCache.RequireBinding(rid, name));
        for (var length = 0; length < 1024; length++)
            Assert.NotNull(NativeImage.FindDamage(library.AsSpan(0, length), length));
    }

    [Fact]
    public void Another_sort_of_file_is_no_library() =>
        Assert.Contains("not a library", NativeImage.FindDamage("<!DOCTYPE html>"u8, 15), StringComparison.Ordinal);

    [Property(MaxTest = 500)]
    public void Garbage_after_the_magic_number_never_throws(byte[] garbage)
    {
        byte[][] magics = [[0x7f, 0x45, 0x4c, 0x46, 2, 1], [0x4d, 0x5a], [0xcf, 0xfa, 0xed, 0xfe]];
        foreach (var magic in magics)
        {
            byte[] file = [.. magic, .. garbage];
            Assert.Equal(NativeImage.FindDamage(file, 1L << 60) is null, NativeImage.FindDamage(file, long.MaxValue) is null);
        }
    }
}
