package dev.holdfast.region;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the region-service. */
@SpringBootApplication
public class RegionServiceApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(RegionServiceApplication.class, arguments);
    }
}
