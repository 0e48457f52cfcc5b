package dev.holdfast.api.json;

import java.io.CharArrayReader;
import java.io.InputStream;
import java.io.Reader;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * YAML without aliases. Jackson reads {@code *name} as the text "name", which is never what its author meant; resolved, a
 * few lines of aliases make a document of any size.
 */
final class AliasFreeYaml extends YAMLFactory {

    private static final long serialVersionUID = 1L;

    @Override
    protected YAMLParser _createParser(ObjectReadContext context, IOContext io, Reader reader) {
        return new Parser(
                context,
                io,
                _getBufferRecycler(),
                context.getStreamReadFeatures(_streamReadFeatures),
                context.getFormatReadFeatures(_formatReadFeatures),
                _loadSettings,
                reader);
    }

    @Override
    protected YAMLParser _createParser(ObjectReadContext context, IOContext io, InputStream in) {
        return _createParser(context, io, _createReader(in, null, io));
    }

    @Override
    protected YAMLParser _createParser(ObjectReadContext context, IOContext io, byte[] data, int offset, int length) {
        return _createParser(context, io, _createReader(data, offset, length, null, io));
    }

    @Override
    protected YAMLParser _createParser(
            ObjectReadContext context, IOContext io, char[] data, int offset, int length, boolean recyclable) {
        return _createParser(context, io, new CharArrayReader(data, offset, length));
    }

    private static final class Parser extends YAMLParser {

        Parser(
                ObjectReadContext context,
                IOContext io,
                BufferRecycler buffers,
                int readFeatures,
                int formatFeatures,
                LoadSettings settings,
                Reader reader) {
            super(context, io, buffers, readFeatures, formatFeatures, settings, reader);
        }

        @Override
        public JsonToken nextToken() {
            JsonToken token = super.nextToken();
            if (isCurrentAlias()) {
                throw new StreamReadException(this, "aliases such as *name are not read; write the value out");
            }
            return token;
        }
    }
}
