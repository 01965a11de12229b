using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>A native bucket that holds something.</summary>
/// <param name="Index">Which one it is. That of index 0 ends at 1.</param>
/// <param name="Count">How many observations are in it by itself.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NativeBucket(int Index, long Count);
