using System.Text;

namespace Wetware.Cli;

/// <summary>Writes whole lines to a console that several programs share, each after the name of its program. Written by one at a time.</summary>
internal sealed class LabelledLines(TextWriter console, string label) : Stream
{
    /// <summary>A line longer than this is broken: a program must not make the console hold its output.</summary>
    private const int LineBytesMax = 64 << 10;

    private readonly MemoryStream _line = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var part in buffer)
        {
            if (part == '\n' || _line.Length >= LineBytesMax)
            {
                WriteLine();
            }

            if (part != '\n')
            {
                _line.WriteByte(part);
            }
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
        // A line is written when it is whole.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _line.Length > 0)
        {
            WriteLine();
        }

        base.Dispose(disposing);
    }

    private void WriteLine()
    {
        console.WriteLine($"{label}  {Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length)}");
        _line.SetLength(0);
    }
}
