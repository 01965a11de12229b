using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Statuses that follow each other; none by default.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StatusRange(int First, int Count)
{
    public bool Contains(int status) => (uint)(status - First) < (uint)Count;
}
