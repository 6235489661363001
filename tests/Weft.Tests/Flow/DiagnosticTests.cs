using Weft.Flow;

namespace Weft.Tests.Flow;

public sealed class DiagnosticTests
{
    [Fact]
    public void It_reads_like_a_compilers_message() => Assert.Equal(
        "mesh/a.yaml:3:7: error TEST0001: The port is 0. (use 1 to 65535)",
        Diagnostic.Error("TEST0001", new("mesh/a.yaml", 3, 7), "The port is 0.", "use 1 to 65535").ToString());

    [Fact]
    public void Line_0_is_the_whole_file_and_no_place_is_no_prefix()
    {
        Assert.Equal("a.yaml: warning TEST0001: Empty.", Diagnostic.Warning("TEST0001", new("a.yaml"), "Empty.").ToString());
        Assert.Equal("warning TEST0001: Empty.", Diagnostic.Warning("TEST0001", null, "Empty.").ToString());
    }
}
