using System.Globalization;
using CsCheck;
using Weft.Wasm.Sdk;

namespace Weft.Wasm.Tests.Sdk;

public sealed class Utf8WriterTests
{
    [Fact]
    public void Numbers_are_written_as_the_framework_writes_them()
    {
        Gen.Long.Sample(number =>
        {
            var text = new Utf8Writer(stackalloc byte[64]);
            text.Append(number);
            text.Append((byte)' ');
            text.AppendUnsigned((ulong)number);
            text.Append((byte)' ');
            text.AppendHex((ulong)number);
            text.Append((byte)' ');
            Assert.Equal($"{number} {(ulong)number} {number:x} ", Bytes.Text(text.Written));
        });
    }

    [Theory]
    [InlineData(long.MinValue, "-9223372036854775808")]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    public void The_bounds_are_written(long number, string expected)
    {
        var text = new Utf8Writer(stackalloc byte[64]);
        text.Append(number);
        Assert.Equal(expected, Bytes.Text(text.Written));
    }

    [Theory]
    [InlineData(0x1a, 1, "1a")]
    [InlineData(0x1a, 4, "001a")]
    [InlineData(0, 1, "0")]
    [InlineData(0, 16, "0000000000000000")]
    [InlineData(-1, 99, "ffffffffffffffff")]
    public void Hexadecimal_digits_are_filled_up(long number, int digits, string expected)
    {
        var text = new Utf8Writer(stackalloc byte[64]);
        text.AppendHex((ulong)number, digits);
        Assert.Equal(expected, Bytes.Text(text.Written));
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-0.25, "-0.25")]
    [InlineData(3.14159265, "3.141593")]
    [InlineData(123456789.5, "123456789.5")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0001, "1e-4")]
    [InlineData(1e9, "1e9")]
    [InlineData(-1.25e300, "-1.25e300")]
    [InlineData(999999999.9999999, "1000000000")]
    [InlineData(9.9999999e20, "1e21")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Fractions_are_written_for_people(double number, string expected)
    {
        var text = new Utf8Writer(stackalloc byte[64]);
        text.Append(number);
        Assert.Equal(expected, Bytes.Text(text.Written));
    }

    [Fact]
    public void Any_number_is_written_near_to_what_it_is()
    {
        Gen.Double.Where(double.IsFinite).Sample(number =>
        {
            var text = new Utf8Writer(stackalloc byte[64]);
            text.Append(number);
            var read = double.Parse(Bytes.Text(text.Written), CultureInfo.InvariantCulture);
            Assert.InRange(Math.Abs(read - number), 0, Math.Max(Math.Abs(number) * 1e-6, 1e-6));
        });
    }

    [Fact]
    public void What_has_no_room_is_cut_off_and_shows()
    {
        var text = new Utf8Writer(stackalloc byte[5]);
        text.Append("abc"u8);
        Assert.False(text.Truncated);
        text.Append("defg"u8);
        text.Append((byte)'h');
        Assert.True(text.Truncated);
        Assert.Equal("abcde", Bytes.Text(text.Written));
    }
}
