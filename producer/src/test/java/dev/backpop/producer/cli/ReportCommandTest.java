package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Discrepancy.Difference;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.producer.report.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportCommandTest {
    private static final String SCRIPT = "</script><script>document.title='owned'</script>";
    private static final String IMAGE = "\"'><img src=x onerror=\"document.title='owned'\">{{title}}";
    private static final String PLAN = """
            plan: shop
            legacy: { jdbc: { url: "${SHOP_URL}" } }
            target: { url: "${BACKPOP_TARGET_URL}" }
            entities:
              customer:
                from: { table: crm.customer, key: customer_id }
                into: { table: customer, key: id }
                columns: { name: name, note: note, score: score, balance: balance }
                compare:
                  note: { ignore: "free text is <b>rewritten</b> by the importer" }
                  balance: { tolerance: 0.01 }
            """;

    private final Scene scene = new Scene();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        scene.close();
    }

    /** A verification of ten keys with a fault of every kind. */
    private void ugly() throws Exception {
        scene.running("b", "customer", CampaignKind.BACKFILL, 1);
        scene.reject("b", new Reject("[7]", Reject.Stage.WRITE, "22001", null, "name", "too long " + IMAGE, null));
        scene.end("b", CampaignState.CANCELLED, null);
        CampaignSpec spec = new CampaignSpec(PLAN, "/plans", null, null, false);
        Ledger ledger = scene.session.ledger();
        ledger.create(new NewCampaign("v", "shop", "customer", CampaignKind.VERIFY, spec, "ann@host"));
        ledger.transition("v", CampaignState.RUNNING, null);
        ledger.appendChunks("v", null, List.of(NewChunk.range(null, "[1]", "[10]", 10)), "[10]", true);
        scene.differ(
                "v",
                DiscrepancyState.CONFIRMED,
                new Discrepancy(
                        "[1]",
                        Discrepancy.Kind.MISMATCHED,
                        List.of(
                                new Difference("name", SCRIPT, IMAGE, "HTML escaping"),
                                new Difference("score", "1", "=2", null)),
                        null),
                new Discrepancy(
                        "[\"a\\u202eb\", 2]",
                        Discrepancy.Kind.MISMATCHED,
                        List.of(new Difference("name", "rtl \u202e x", "מזל טוב " + "long".repeat(200), "case")),
                        null),
                new Discrepancy("[3]", Discrepancy.Kind.MISSING, List.of(), "rejected by the backfill: too long"),
                new Discrepancy("[-11]", Discrepancy.Kind.UNEXPECTED, List.of(), "a copy of key [1]"));
        scene.differ(
                "v",
                DiscrepancyState.PENDING,
                new Discrepancy(
                        "[4]", Discrepancy.Kind.MISMATCHED, List.of(new Difference("score", "5", null, null)), null));
        ledger.keepChecks(
                "v",
                List.of(
                        new CampaignCheck("counts", "customer", CampaignCheck.State.PASSED, "10", Instant.EPOCH),
                        new CampaignCheck(
                                "sequence",
                                "customer_id_seq",
                                CampaignCheck.State.FAILED,
                                "stands at 9, below 10 " + SCRIPT,
                                Instant.EPOCH)));
        scene.execute("INSERT INTO backpop.tolerated VALUES ('v', 1, 'balance', 4)");
        scene.execute("INSERT INTO backpop.row_reason VALUES ('v', 1, 'unverifiable', 'no access <b>', 1, '[9]')");
        scene.finish(
                "v",
                1,
                Map.of(
                        Counter.ROWS_MATCHED, 5L,
                        Counter.ROWS_MISMATCHED, 2L,
                        Counter.ROWS_MISSING, 1L,
                        Counter.ROWS_UNVERIFIABLE, 1L,
                        Counter.ROWS_PENDING, 1L));
        scene.end("v", CampaignState.COMPLETED, null);
    }

    @Test
    void the_verdict_comes_first_and_everything_that_a_signer_needs_after_it() throws Exception {
        ugly();

        CommandRun run = scene.run("report", "v");
        List<String> lines = run.out()
                .lines()
                .map(line -> line.replaceAll(" +", " ").strip())
                .toList();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(lines.get(0))
                .isEqualTo("Not clean: 1 missing, 2 mismatched, 1 unexpected, 1 unverifiable, 1 busy,"
                        + " 1 of the checks failed");
        assertThat(lines.get(1)).startsWith("Do not switch. See them: backpop discrepancies v");
        assertThat(lines)
                .contains(
                        "sum 10 enumerated = 5 matched + 2 mismatched + 1 missing + 0 absent + 0 excluded +"
                                + " 1 unverifiable + 1 pending",
                        "name exact 7 2 0 HTML escaping 1, case 1",
                        "balance tolerance 0.01 7 0 4 -",
                        "tolerated balance: tolerance 0.01; let pass in 4 rows",
                        "tolerated note: not compared: free text is <b>rewritten</b> by the importer")
                .anyMatch(line -> line.startsWith("1 mismatched name (HTML escaping), score 1 \"</script>"))
                .anyMatch(line -> line.startsWith("1 unexpected a copy of key […] -11"))
                .anyMatch(line -> line.startsWith("4 mismatched 1 score"))
                .anyMatch(line -> line.startsWith("sequence customer_id_seq failed stands at 9"))
                .anyMatch(line -> line.startsWith("b rejected 22001 name 1 7 too long"));
        assertThat(run.out()).doesNotContain("\u202e");
    }

    @Test
    void the_report_is_one_document_for_programs_and_holds_no_secret() throws Exception {
        ugly();
        Map<String, String> variables = new HashMap<>(scene.variables);
        variables.put("SHOP_URL", "postgresql://me:hush@legacy.example/shop?password=hush2");

        CommandRun run = CommandRun.of(variables, "report", "v", "--json");
        JsonNode report = JsonMapper.shared().readTree(run.out());

        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.out()).doesNotContain("hush");
        assertThat(report.get("legacy").asString()).isEqualTo("table crm.customer in legacy.example/shop");
        assertThat(report.get("plan_problem").isNull()).isTrue();
        assertThat(report.get("verdict").get("clean").asBoolean()).isFalse();
        assertThat(report.get("sum").get("adds_up").asBoolean()).isTrue();
        assertThat(report.get("causes")).hasSize(4);
        assertThat(scene.json("report", "v", "--json")
                        .get(0)
                        .get("plan_problem")
                        .asString())
                .contains("SHOP_URL");
    }

    @Test
    void clean_unfinished_and_other_campaigns_have_their_own_verdicts() throws Exception {
        scene.running("r", "one", CampaignKind.VERIFY, 2);
        scene.running("v", "two", CampaignKind.VERIFY, 1);
        scene.finish("v", 1, Map.of(Counter.ROWS_MATCHED, 9L, Counter.ROWS_ABSENT, 1L));
        scene.end("v", CampaignState.COMPLETED, null);
        scene.running("b", "three", CampaignKind.BACKFILL, 1);
        scene.finish("b", 1, Map.of(Counter.ROWS_WRITTEN, 9L, Counter.ROWS_REJECTED, 1L));
        scene.reject("b", new Reject("[7]", Reject.Stage.WRITE, "22001", null, "name", "too long", null));
        scene.end("b", CampaignState.COMPLETED, null);

        assertThat(scene.run("report", "r").out()).startsWith("Not finished: 0 of 20 keys are done");
        assertThat(scene.run("report", "r").exitCode()).isEqualTo(1);
        CommandRun clean = scene.run("report", "v");
        assertThat(clean.exitCode()).isZero();
        assertThat(clean.out())
                .startsWith("Clean: 9 of 10 keys match, 1 had gone from the old store")
                .contains("backpop sign-off v --by NAME");
        assertThat(scene.run("sign-off", "v", "--by", "Ann").exitCode()).isZero();
        assertThat(scene.run("report", "v").out()).contains("You can switch: Ann vouches for it until");
        assertThat(scene.run("report", "b").out())
                .startsWith("Not clean: 1 rejected")
                .contains("22001");
        assertThat(scene.run("report", "none").exitCode()).isEqualTo(2);
    }

    @Test
    void every_discrepancy_is_beside_the_page_and_no_spreadsheet_takes_one_for_a_formula() throws Exception {
        ugly();
        Path page = folder.resolve("my report.html");
        Files.writeString(page, "old");

        CommandRun run = scene.run("report", "v", "--html", page.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("every discrepancy (5)");
        assertThat(Files.readString(page))
                .contains("<h1>Verification of customer, plan shop</h1>")
                .contains("./my%20report.discrepancies.csv", "&lt;script&gt;", "\\u202e")
                .doesNotContain("<script", "<img", "\u202e", "old\n");
        List<String> lines = Files.readAllLines(folder.resolve("my report.discrepancies.ndjson"));
        assertThat(lines).hasSize(5);
        assertThat(JsonMapper.shared()
                        .readTree(lines.stream()
                                .filter(line -> line.startsWith("{\"key\":[1],"))
                                .findFirst()
                                .orElseThrow())
                        .get("columns")
                        .get(0)
                        .get("legacy")
                        .asString())
                .isEqualTo(SCRIPT);
        String csv = Files.readString(folder.resolve("my report.discrepancies.csv"));
        assertThat(csv.lines().findFirst()).contains("key,kind,state,column,legacy,target,cause,checks,chunk");
        assertThat(csv).contains("'-11,unexpected", "\"\"\"=2\"\"\"", ",NULL,").contains("HTML escaping");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
        assertThat(scene.run(
                        "report", "v", "--html", folder.resolve("none/r.html").toString()))
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(2))
                .satisfies(refused -> assertThat(refused.err()).contains("none"));
    }

    @Test
    void the_page_reads_well_in_a_browser_and_runs_nothing() throws Exception {
        ugly();
        Path page = folder.resolve("report.html");
        scene.run("report", "v", "--html", page.toString());
        Optional<Chromium> installed = Chromium.open(folder);
        assumeTrue(installed.isPresent(), "chromedriver is not installed: the page is not looked at in a browser");

        try (Chromium browser = installed.get()) {
            for (int width : new int[] {360, 1_200}) {
                browser.show(page.toUri(), width, 800);
                assertThat(browser.console()).isEmpty();
                assertThat(browser.ask("return document.title").asString())
                        .isEqualTo("Not clean: Verification of customer, plan shop");
                assertThat(browser.ask("return document.documentElement.scrollWidth")
                                .asInt())
                        .as("width of the document at %s px", width)
                        .isLessThanOrEqualTo(width);
            }
            browser.media("print");
            browser.show(page.toUri(), 720, 1_000);
            assertThat(browser.ask("return document.documentElement.scrollWidth")
                            .asInt())
                    .as("width on paper")
                    .isLessThanOrEqualTo(720);
            browser.media("screen");
            assertThat(browser.ask("return document.querySelectorAll('h1').length")
                            .asInt())
                    .isEqualTo(1);
            assertThat(browser.ask("return document.querySelectorAll('script, img, iframe, object').length")
                            .asInt())
                    .isZero();
            assertThat(browser.ask("return [...document.querySelectorAll('table')].filter(table => !table.caption"
                            + " || !table.querySelector('thead th[scope=col]')"
                            + " || !table.querySelector('tbody th')).map(table => table.outerHTML)"))
                    .isEmpty();
            assertThat(browser.ask("return [...document.querySelectorAll('#sum ~ ul li')].map(item => item.textContent)"
                                    + ".join()")
                            .asString())
                    .isEqualTo("Unverifiable, 1 key: no access <b>, such as key 9");
            assertThat(browser.ask("return document.querySelectorAll('table').length")
                            .asInt())
                    .isEqualTo(6);
            assertThat(browser.ask(
                                    "const levels = [...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1]);"
                                            + "return levels.every((level, i) => i == 0 ? level == 1 : level <= levels[i-1] + 1)")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void a_hundred_thousand_discrepancies_are_summed_up_and_written_out() throws Exception {
        ugly();
        scene.execute(
                "INSERT INTO backpop.discrepancy (campaign_id, chunk_no, entity, key, kind, columns, cause, state)"
                        + " SELECT 'v', 1, 'customer', jsonb_build_array(g), 'mismatched', jsonb_build_array(jsonb_build_object("
                        + "'column', 'name', 'legacy', 'a' || g, 'target', 'b', 'cause', 'case')), 'like [' || g || ']',"
                        + " 'confirmed' FROM generate_series(100, 100099) AS g");
        Path page = folder.resolve("r.html");

        CommandRun run = scene.run("report", "v", "--html", page.toString());

        assertThat(run.out()).contains("100,000  mismatched  name (case); like […]");
        assertThat(Files.size(page)).isLessThan(100_000);
        try (var lines = Files.lines(folder.resolve("r.discrepancies.ndjson"))) {
            assertThat(lines.count()).isEqualTo(100_005);
        }
        try (var lines = Files.lines(folder.resolve("r.discrepancies.csv"))) {
            assertThat(lines.count()).isGreaterThan(100_005);
        }
    }
}
