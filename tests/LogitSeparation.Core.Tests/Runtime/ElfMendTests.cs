using FsCheck;
using FsCheck.Xunit;
using LogitSeparation.Natives;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

public sealed class ElfMendTests
{
    [Fact]
    public void The_real_library_changes_in_one_flag_and_nowhere_else()
    {
        var original = RealLibrary();
        var mended = (byte[])original.Clone();
        Assert.Equal(ElfMendResult.Weakened, ElfMend.WeakenVersion(mended, ElfMend.UnusedVersion));
        var changed = Assert.Single(Enumerable.Range(0, original.Length), i => original[i] != mended[i]);
        Assert.Equal((0, 2), (original[changed], mended[changed]));
    }

    [Fact]
    public void Mending_again_changes_nothing()
    {
        var mended = RealLibrary();
        ElfMend.WeakenVersion(mended, ElfMend.UnusedVersion);
        var again = (byte[])mended.Clone();
        Assert.Equal(ElfMendResult.AlreadyWeak, ElfMend.WeakenVersion(again, ElfMend.UnusedVersion));
        Assert.Equal(mended, again);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.21")]
    [InlineData("GLIBC_2.2.5")]
    public void A_version_that_the_real_library_uses_is_left_alone(string version)
    {
        var original = RealLibrary();
        var copy = (byte[])original.Clone();
        Assert.Equal(ElfMendResult.InUse, ElfMend.WeakenVersion(copy, version));
        Assert.Equal(original, copy);
    }

    [Fact]
    public void A_version_that_nobody_asks_for_is_no_error() =>
        Assert.Equal(ElfMendResult.NotAskedFor, ElfMend.WeakenVersion(RealLibrary(), "GLIBCXX_9.9"));

    [Theory]
    [InlineData(new int[0], ElfMendResult.Weakened)]
    [InlineData(new[] { 1 }, ElfMendResult.Weakened)]
    [InlineData(new[] { 2 }, ElfMendResult.InUse)]
    [InlineData(new[] { 1, 0, 2 }, ElfMendResult.InUse)]
    public void Relocations_decide(int[] referred, ElfMendResult expected)
    {
        var original = SmallElf.Build(referred);
        var copy = (byte[])original.Clone();
        Assert.Equal(expected, ElfMend.WeakenVersion(copy, "NEW_2"));
        var changes = Enumerable.Range(0, copy.Length).Count(i => copy[i] != original[i]);
        Assert.Equal(expected == ElfMendResult.Weakened ? 1 : 0, changes);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_an_error()
    {
        var whole = SmallElf.Build(1);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => ElfMend.WeakenVersion(whole[..length], "NEW_2"));
    }

    [Fact]
    public void The_real_library_cut_off_is_an_error()
    {
        var half = RealLibrary()[..1_000_000];
        var error = Assert.Throws<InvalidDataException>(() => ElfMend.WeakenVersion(half, ElfMend.UnusedVersion));
        Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_leads_nowhere_is_an_error()
    {
        var elf = SmallElf.Build(1);
        var next = elf.AsSpan().LastIndexOf(new byte[] { 9, 0, 0, 0, 16, 0, 0, 0 }) + 4;
        elf[next] = 0;
        Assert.Throws<InvalidDataException>(() => ElfMend.WeakenVersion(elf, "NEW_2"));
    }

    [Property(MaxTest = 2000)]
    public void Damage_is_reported_or_harmless_and_never_written_to(int seed, PositiveInt count)
    {
        var random = new Random(seed);
        var elf = SmallElf.Build(1, 2);
        for (var i = 0; i < count.Get; i++)
            elf[random.Next(elf.Length)] = (byte)random.Next(256);
        var copy = (byte[])elf.Clone();
        try
        {
            if (ElfMend.WeakenVersion(copy, "NEW_2") == ElfMendResult.Weakened)
                return;
        }
        catch (InvalidDataException)
        {
        }

        Assert.Equal(elf, copy);
    }

    private static byte[] RealLibrary() => File.ReadAllBytes(NuGetCache.RequireBinding("linux-x64", "libLibTorchSharp.so"));
}
