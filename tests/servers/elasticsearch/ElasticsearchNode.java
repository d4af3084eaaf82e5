package hub;

import java.nio.file.Path;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one node in the foreground: ElasticsearchNode HOME setting=value ...
 *
 * <p>With -Dhub.lives.with=PID it ends with that process, however that one ends; with
 * -Dhub.rehearses=true it ends as soon as it has started.
 */
public class ElasticsearchNode {
    public static void main(String[] arguments) throws Exception {
        endWithTheOther();
        Environment environment = environment(arguments);
        LogConfigurator.configureWithoutConfig(environment.settings());
        Node node = new Node(environment, plugins(environment));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        node.start();
        if (Boolean.getBoolean("hub.rehearses")) {
            System.exit(0);
        }
        Thread.currentThread().join();
    }

    private static Environment environment(String[] arguments) {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Settings.Builder settings = Settings.builder().put("path.home", home.toString());
        for (int i = 1; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        LogConfigurator.registerErrorListener();
        return InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), home.resolve("config"), () -> "node");
    }

    private static PluginsLoader plugins(Environment environment) {
        return PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir()),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir()),
            Map.of(),
            false);
    }

    private static void endWithTheOther() {
        Long other = Long.getLong("hub.lives.with");
        if (other == null) {
            return;
        }
        Runnable end = () -> System.exit(0);
        ProcessHandle.of(other).ifPresentOrElse(process -> process.onExit().thenRun(end), end);
    }

    private static void close(Node node) {
        try {
            node.close();
        } catch (Exception problem) {
            problem.printStackTrace();
        }
    }
}
