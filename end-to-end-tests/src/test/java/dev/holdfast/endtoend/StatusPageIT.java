package dev.holdfast.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.holdfast.quickstart.node.SampleNodes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith({ChromiumCondition.class, SharedQuickstart.class})
class StatusPageIT {

    private static final Path SCREENSHOT = Path.of("target", "status-page.png");

    /** Less than the 15 seconds after which the page reads the journal even if nothing has told it to. */
    private static final Duration SHOWN = Duration.ofSeconds(10);

    /** A node is started, checked until it is held healthy, and let in. */
    private static final Duration BACK = Duration.ofSeconds(90);

    private static @Nullable Chromium chromium;

    private final RunningQuickstart quickstart;
    private final ControlApi control;
    private final Page page = browser().newPage();

    /** Errors and warnings on the console; Chromium reports what the content security policy stops there too. */
    private final List<String> complaints = new ArrayList<>();

    private final Set<String> origins = new TreeSet<>();
    private int loads;

    StatusPageIT(RunningQuickstart quickstart) {
        this.quickstart = quickstart;
        this.control = quickstart.control();
    }

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static Chromium browser() {
        if (chromium == null) {
            throw new IllegalStateException("the browser is started before all tests");
        }
        return chromium;
    }

    @BeforeEach
    void watchThePage() {
        page.onConsoleMessage(message -> {
            if (Set.of("error", "warning").contains(message.type())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> origins.add(origin(request.url())));
        page.onLoad(loaded -> loads++);
    }

    @AfterEach
    void closeThePage() {
        page.context().close();
    }

    @Test
    void showsWithoutAReloadThatANodeIsKilledAndComesBack() throws Exception {
        page.navigate(quickstart.statusPage() + "#token=" + quickstart.token());
        for (String node : SampleNodes.names()) {
            assertThat(state(node)).hasText("Serving", shown());
        }
        assertThat(page.locator("#sum-taking")).hasText("4 of 4");
        assertThat(page.locator("#connection")).hasText("Live");
        assertThat(page).hasURL(quickstart.statusPage());

        long beforeKill = control.revision();
        quickstart.kill("node-4");
        assertThat(state("node-4")).hasText("Unhealthy", shown());
        assertThat(page.locator("#sum-taking")).hasText("3 of 4");
        assertEventIsShown(beforeKill, "NODE_BECAME_UNHEALTHY");
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOT));

        long beforeReturn = control.revision();
        quickstart.bringBack("node-4");
        assertThat(state("node-4")).hasText("Serving", within(BACK));
        assertThat(page.locator("#sum-taking")).hasText("4 of 4");
        assertEventIsShown(beforeReturn, "NODE_BECAME_HEALTHY");

        assertThat(loads).isEqualTo(1);
        assertThat(complaints).isEmpty();
        assertThat(origins).containsExactly(origin(quickstart.statusPage()));
    }

    @Test
    void aWrongTokenIsRefusedWithAMessage() {
        page.navigate(quickstart.statusPage() + "#token=wrong");
        assertThat(page.getByRole(AriaRole.ALERT)).hasText("This token is not known here.", shown());
        assertThat(page.locator("#connection")).hasText("Token refused");
        assertThat(page.locator("#status")).isHidden();
        assertThat(page).hasURL(quickstart.statusPage());
        assertThat(complaints).singleElement().asString().contains("status of 401");
    }

    @Test
    void isSignedInToAndOutOfByKeyboard() {
        Locator token = page.getByLabel("Access token");
        page.navigate(quickstart.statusPage());
        assertThat(token).isFocused();
        press("Shift+Tab", page.getByRole(AriaRole.LINK, named("API")));
        press("Shift+Tab", page.getByRole(AriaRole.LINK, named("Skip to the status")));
        press("Enter", page.getByRole(AriaRole.MAIN));
        press("Tab", token);
        page.keyboard().type(quickstart.token());
        press("Tab", page.getByRole(AriaRole.BUTTON, named("Show the status")));
        press("Enter", page.getByRole(AriaRole.MAIN));
        assertThat(state("node-1")).hasText("Serving", shown());
        press("Shift+Tab", page.getByRole(AriaRole.BUTTON, named("Sign out")));
        press("Enter", token);
        assertThat(page.locator("#status")).isHidden();
        assertThat(complaints).isEmpty();
    }

    @Test
    void runsNoScriptThatWasPutIntoThePage() {
        page.navigate(quickstart.statusPage());
        Object ran = page.evaluate("""
                () => {
                  const script = document.createElement("script");
                  script.textContent = "window.injected = true";
                  document.head.append(script);
                  return window.injected === true;
                }""");
        assertThat(ran).isEqualTo(false);
        assertThat(complaints).singleElement().asString().contains("Content Security Policy");
    }

    private Locator state(String node) {
        return page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Nodes of cluster sample"))
                .getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions().setHas(page.getByRole(AriaRole.ROWHEADER, named(node))))
                .locator(".state");
    }

    private void press(String key, Locator focusedThen) {
        page.keyboard().press(key);
        assertThat(focusedThen).isFocused();
    }

    private void assertEventIsShown(long afterRevision, String type) throws IOException, InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        await("the journal has " + type).until(() -> {
            found.addAll(control.eventsAfter(afterRevision, type));
            return !found.isEmpty();
        });
        JsonNode event = found.getFirst();
        Locator line = page.locator("#events li")
                .filter(new Locator.FilterOptions()
                        .setHasText("revision " + event.path("revision").asLong()));
        assertThat(line).containsText(event.path("message").asString(), containing(SHOWN));
        assertThat(line).containsText("node-4");
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static LocatorAssertions.HasTextOptions shown() {
        return within(SHOWN);
    }

    private static LocatorAssertions.HasTextOptions within(Duration limit) {
        return new LocatorAssertions.HasTextOptions().setTimeout((double) limit.toMillis());
    }

    private static LocatorAssertions.ContainsTextOptions containing(Duration limit) {
        return new LocatorAssertions.ContainsTextOptions().setTimeout((double) limit.toMillis());
    }

    private static String origin(String url) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getAuthority();
    }
}
