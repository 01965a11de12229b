using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator;

/// <summary>A tree of routes by the literal segments of their patterns. It rules out nearly all routes for a path,
/// however many there are.</summary>
/// <typeparam name="T">The type that represents a route.</typeparam>
/// <remarks>Segments are those of routing: the text between two slashes, even if empty; a slash at the end adds none. A
/// route that is found may match the path; any other cannot.</remarks>
internal sealed class PathTree<T>
{
    private readonly Dictionary<string, PathTree<T>> _literals = new(StringComparer.OrdinalIgnoreCase);

    // Routes whose patterns end here, and routes that may go on: by an optional or a catch-all parameter.
    private readonly List<T> _ends = [];
    private readonly List<T> _open = [];
    private PathTree<T>? _any;

    public void Add(RoutePattern pattern, T route)
    {
        var node = this;
        foreach (var segment in pattern.PathSegments)
        {
            if (IsOpen(segment, pattern))
            {
                node._open.Add(route);
                return;
            }
            node = segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] }
                ? node.Below(literal.Content)
                : node._any ??= new();
        }
        node._ends.Add(route);
    }

    /// <summary>Returns the routes that may match a path.</summary>
    public List<T> Find(PathString path)
    {
        var found = new List<T>();
        Find((path.Value ?? "").AsSpan() is ['/', .. var rest] ? rest : [], found);
        return found;
    }

    private void Find(ReadOnlySpan<char> path, List<T> found)
    {
        found.AddRange(_open);
        if (path.IsEmpty)
        {
            found.AddRange(_ends);
            return;
        }
        var end = path.IndexOf('/') is var slash and >= 0 ? slash : path.Length;
        var rest = path[Math.Min(end + 1, path.Length)..];
        if (_literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path[..end], out var literal))
            literal.Find(rest, found);
        _any?.Find(rest, found);
    }

    private PathTree<T> Below(string literal) =>
        _literals.TryGetValue(literal, out var node) ? node : _literals[literal] = new();

    private static bool IsOpen(RoutePatternPathSegment segment, RoutePattern pattern) =>
        segment is { IsSimple: true, Parts: [RoutePatternParameterPart parameter] }
        && (parameter.IsCatchAll || parameter.IsOptional || pattern.Defaults.ContainsKey(parameter.Name));
}
