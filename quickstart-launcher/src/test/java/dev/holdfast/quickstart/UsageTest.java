package dev.holdfast.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class UsageTest {

    @Test
    void explainsEveryOption() throws IOException {
        for (OptionSpec option :
                new CommandLine(new Quickstart()).getCommandSpec().options()) {
            assertThat(Quickstart.usage()).contains(option.longestName());
        }
    }
}
