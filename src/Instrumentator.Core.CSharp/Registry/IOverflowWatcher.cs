namespace Instrumentator;

/// <summary>Who wants to know which families of a registry are full: the log of an app.</summary>
internal interface IOverflowWatcher
{
    /// <summary>A look-up found no place for a series of its own, for the first time in this family. Called outside of all locks; what it throws is ignored.</summary>
    /// <param name="metric">The full name of the family.</param>
    /// <param name="limit">How many series it may have.</param>
    void OnOverflow(string metric, int limit);
}
