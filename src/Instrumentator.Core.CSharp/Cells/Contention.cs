using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>How often threads came together at one cell. A cell for which that is common gets stripes; a quiet one stays small.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Contention
{
    private const int Common = 64;

    private int _collisions;

    /// <summary>Notes a collision; true when they are common by now. Threads that note one at once may count once: it is no exact number.</summary>
    public bool IsCommon() => ++_collisions >= Common;
}
