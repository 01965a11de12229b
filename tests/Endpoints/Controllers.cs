using Microsoft.AspNetCore.Mvc;

namespace Instrumentator.Tests;

[Route("attributed/{id:int}")]
public sealed class AttributedController : Controller
{
    [HttpGet]
    public string Get(int id) => $"attributed {id}";
}

public sealed class ConventionalController : Controller
{
    public string List(int? id) => $"list {id}";

    [HttpGet]
    public string OnlyGet() => "got";
}

public sealed class HomeController : Controller
{
    public string Index() => "home";
}

[Area("Shop")]
public sealed class CartController : Controller
{
    public string Show() => "cart";
}
