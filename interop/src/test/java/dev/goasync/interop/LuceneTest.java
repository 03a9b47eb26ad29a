package dev.goasync.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.file.AsyncFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Lucene index that many coroutines write and search through {@code AsyncFileSystem}. */
final class LuceneTest {
  /** Each writer has its own segment of many files until the segments are merged. */
  private static final int WRITERS = 8;

  private static final int DOCUMENTS = 100;

  /** The implementations of Lucene's file access. */
  enum Kind {
    CHANNELS {
      @Override
      FSDirectory open(Path path) throws Exception {
        return new NIOFSDirectory(path);
      }
    },
    MAPPINGS {
      @Override
      FSDirectory open(Path path) throws Exception {
        return new MMapDirectory(path);
      }
    };

    abstract FSDirectory open(Path path) throws Exception;
  }

  @RegisterExtension final OneLoop loop = new OneLoop();

  @TempDir Path dir;

  // guide: begin
  static Directory open(Path path) throws IOException {
    return FSDirectory.open(AsyncFileSystem.of(path));
  }

  static IndexWriter writer(Directory directory) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer());
    config.setMergeScheduler(new SerialMergeScheduler()); // starts no threads
    return new IndexWriter(directory, config);
  }

  // guide: end

  @Test
  void aWriterOfTheDefaultDirectory() throws Exception {
    loop.run(() -> {
      try (Directory directory = open(dir.resolve("index"));
          IndexWriter writer = writer(directory)) {
        write(writer, 0);
        writer.commit();
        assertThat(search(directory, "common")).containsExactly("0");
      }
    });
  }

  private static void write(IndexWriter writer, int number) throws Exception {
    Document document = new Document();
    document.add(new StringField("number", Integer.toString(number), Field.Store.YES));
    document.add(new TextField("text", "common word" + number % 10, Field.Store.YES));
    writer.addDocument(document);
    if (number % 250 == 0) {
      writer.commit();
    }
  }

  private static List<String> search(Directory directory, String word) throws Exception {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      List<String> found = new ArrayList<>();
      for (var hit : searcher.search(new TermQuery(new Term("text", word)), 10_000).scoreDocs) {
        found.add(searcher.storedFields().document(hit.doc).get("number"));
      }
      return found;
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyCoroutinesWriteAndSearch(Kind kind) throws Exception {
    Modes.assumeFullMode("a coroutine that waits for one of Lucene's locks blocks the loop");
    loop.run(() -> {
      try (FSDirectory directory = kind.open(AsyncFileSystem.of(dir.resolve("index")))) {
        assertThat(directory.getDirectory().getFileSystem()).isSameAs(AsyncFileSystem.instance());
        var config = new IndexWriterConfig(new StandardAnalyzer());
        config.setMergeScheduler(new SerialMergeScheduler()); // starts no threads
        try (IndexWriter writer = new IndexWriter(directory, config)) {
          GoAsync.awaitAll(
              OneLoop.start(
                  WRITERS,
                  number -> {
                    for (int i = 0; i < DOCUMENTS; i++) {
                      write(writer, number * DOCUMENTS + i);
                    }
                    return number;
                  }));
          writer.forceMerge(1);
        }
        var found = OneLoop.startMany(number -> search(directory, "word" + number % 10));
        for (List<String> each : GoAsync.awaitAll(found)) {
          assertThat(each).hasSize(WRITERS * DOCUMENTS / 10).doesNotHaveDuplicates();
        }
        assertThat(search(directory, "common")).hasSize(WRITERS * DOCUMENTS);
      }
    });
  }

  /** File operations suspend their coroutine; the loop runs another coroutine meanwhile. */
  @ParameterizedTest
  @EnumSource
  void theLoopContinuesDuringFileOperations(Kind kind) throws Exception {
    loop.run(() -> {
      int[] turns = {0};
      var counter =
          GoAsync.goAsync(() -> {
            while (true) {
              turns[0]++;
              GoAsync.sleep(Duration.ofNanos(1));
            }
          });
      int before = turns[0];
      try (FSDirectory directory = kind.open(AsyncFileSystem.of(dir.resolve("index")));
          IndexWriter writer =
              new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()))) {
        write(writer, 0);
      }
      assertThat(turns[0]).isGreaterThan(before);
      counter.cancel();
    });
  }
}
